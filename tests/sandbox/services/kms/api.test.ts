import assert from "node:assert/strict";
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  type GenerateDataKeyCommandInput,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateRandomCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
  ReEncryptCommand,
  SignCommand,
} from "@aws-sdk/client-kms";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { kmsOperations } from "../../../../sandbox/src/services/kms/api.ts";
import { defaultKeyPolicy } from "../../../../sandbox/src/services/kms/keys.ts";
import { apiCloud, type ApiCloud } from "../../support/api.ts";
import { ACCOUNT, REGION } from "../../support/cloud.ts";

const KEY = "aws:kms/key:Key";

describe("the API of KMS", () => {
  let api: ApiCloud;
  let key: Resource;
  let kms: KMSClient;
  beforeEach(async () => {
    api = await apiCloud({ json: { kms: kmsOperations }, query: {}, rest: {} });
    key = await makeKey();
    kms = new KMSClient(api.operator);
  });
  afterEach(() => api.end());

  const makeKey = (inputs: Props = {}, name = "main") => api.stack.create(KEY, name, inputs);
  const makeAlias = (name: string, targetKeyId: string) => api.stack.create("aws:kms/alias:Alias", name, { name, targetKeyId });
  const arn = () => text(key.outputs, "arn");
  const bytes = (data: string) => Buffer.from(data);
  const encrypt = (Plaintext: string, more: object = {}) =>
    kms.send(new EncryptCommand({ KeyId: key.id, Plaintext: bytes(Plaintext), ...more }));
  const decrypt = (CiphertextBlob: Uint8Array | undefined, more: object = {}) =>
    kms.send(new DecryptCommand({ CiphertextBlob, ...more }));
  const sealed = async (data: string, more: object = {}) => (await encrypt(data, more)).CiphertextBlob;
  const opened = async (blob: Uint8Array | undefined, more: object = {}) =>
    Buffer.from((await decrypt(blob, more)).Plaintext ?? []).toString();

  describe("encrypts", () => {
    it("and decrypts without being told the key, which it says", async () => {
      const { CiphertextBlob, KeyId, EncryptionAlgorithm } = await encrypt("secret");
      assert.deepEqual([KeyId, EncryptionAlgorithm], [arn(), "SYMMETRIC_DEFAULT"]);
      assert.ok(!Buffer.from(CiphertextBlob ?? []).includes("secret"));
      const { Plaintext, KeyId: used } = await decrypt(CiphertextBlob);
      assert.deepEqual([Buffer.from(Plaintext ?? []).toString(), used], ["secret", arn()]);
    });

    it("the same differently each time", async () => {
      assert.notDeepEqual(await sealed("secret"), await sealed("secret"));
    });

    it("by id, ARN, alias and alias ARN", async () => {
      await makeAlias("alias/shop", key.id);
      for (const KeyId of [key.id, arn(), "alias/shop", `arn:aws:kms:${REGION}:${ACCOUNT}:alias/shop`]) {
        assert.equal(await opened(await sealed("x", { KeyId }), { KeyId }), "x");
      }
    });

    it("1 to 4096 bytes", async () => {
      assert.equal((await opened(await sealed("x".repeat(4096)))).length, 4096);
      const failed = (rule: string) => ({
        name: "ValidationException",
        message: `1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length ${rule}`,
      });
      await assert.rejects(encrypt("x".repeat(4097)), failed("less than or equal to 4096"));
      await assert.rejects(encrypt(""), failed("greater than or equal to 1"));
    });

    it("under a context, which decryption needs to the letter and in any order", async () => {
      const blob = await sealed("x", { EncryptionContext: { shop: "1", user: "anna" } });
      assert.equal(await opened(blob, { EncryptionContext: { user: "anna", shop: "1" } }), "x");
      for (const EncryptionContext of [undefined, {}, { shop: "1" }, { shop: "1", user: "Anna" }]) {
        await assert.rejects(decrypt(blob, { EncryptionContext }), { name: "InvalidCiphertextException" });
      }
    });
  });

  describe("does not decrypt", () => {
    it("what was changed, cut off, or never encrypted by it", async () => {
      const blob = Buffer.from((await sealed("secret")) ?? []);
      for (let at = 0; at < blob.length; at += 7) {
        const changed = Buffer.from(blob);
        changed[at] = (changed[at] ?? 0) ^ 1;
        await assert.rejects(decrypt(changed), (error: Error) => {
          // A changed name of the key is one that KMS does not speak about.
          assert.ok(["InvalidCiphertextException", "AccessDeniedException"].includes(error.name), `${at}: ${error.name}`);
          return true;
        });
      }
      for (const other of [
        blob.subarray(0, -1),
        blob.subarray(0, 90),
        bytes("not encrypted"),
        bytes("\u0001\u0000"),
        bytes(""),
      ]) {
        await assert.rejects(decrypt(other), { name: "InvalidCiphertextException" });
      }
    });

    it("under another key than the one it is told", async () => {
      const other = await makeKey({}, "other");
      const wrong = decrypt(await sealed("x"), { KeyId: other.id });
      await assert.rejects(wrong, {
        name: "IncorrectKeyException",
        message: /does not identify a CMK that can perform this operation/,
      });
    });

    it("in another region, and does not say whose it is", async () => {
      const abroad = new KMSClient({ ...api.operator, region: "us-east-1" });
      const message =
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.";
      await assert.rejects(abroad.send(new DecryptCommand({ CiphertextBlob: await sealed("x") })), {
        name: "AccessDeniedException",
        message,
      });
    });
  });

  describe("generates", () => {
    const generate = (input: Partial<GenerateDataKeyCommandInput>) =>
      kms.send(new GenerateDataKeyCommand({ KeyId: key.id, ...input }));

    it("data keys, plain and sealed", async () => {
      for (const [input, size] of [
        [{ KeySpec: "AES_256" }, 32],
        [{ KeySpec: "AES_128" }, 16],
        [{ NumberOfBytes: 64 }, 64],
      ] as const) {
        const { CiphertextBlob, Plaintext, KeyId } = await generate(input);
        assert.deepEqual([Plaintext?.length, KeyId], [size, arn()]);
        assert.deepEqual((await decrypt(CiphertextBlob)).Plaintext, Plaintext);
      }
    });

    it("data keys that only come out later", async () => {
      const command = new GenerateDataKeyWithoutPlaintextCommand({ KeyId: key.id, KeySpec: "AES_256" });
      const { CiphertextBlob } = await kms.send(command);
      assert.equal((await decrypt(CiphertextBlob)).Plaintext?.length, 32);
    });

    it("random bytes", async () => {
      const random = async (NumberOfBytes: number) => (await kms.send(new GenerateRandomCommand({ NumberOfBytes }))).Plaintext;
      assert.equal((await random(1024))?.length, 1024);
      await assert.rejects(random(1025), { name: "ValidationException", message: /Member must have value between 1 and 1024$/ });
    });

    for (const input of [{}, { KeySpec: "AES_256", NumberOfBytes: 32 }] as const) {
      it(`nothing for ${JSON.stringify(input)}`, () =>
        assert.rejects(generate(input), {
          name: "ValidationException",
          message: "Please specify either number of bytes or key spec.",
        }));
    }

    for (const input of [
      { NumberOfBytes: 0 },
      { NumberOfBytes: 1025 },
      { KeySpec: "AES_512" as "AES_256" },
      { KeySpec: "constructor" as "AES_256" },
    ]) {
      it(`nothing for ${JSON.stringify(input)}`, () =>
        assert.rejects(generate(input), { name: "ValidationException", message: /failed to satisfy constraint/ }));
    }
  });

  it("moves a ciphertext from key to key and from context to context, and shows nobody what is in it", async () => {
    const other = await makeKey({}, "other");
    const moved = await kms.send(
      new ReEncryptCommand({
        CiphertextBlob: await sealed("x", { EncryptionContext: { old: "1" } }),
        SourceEncryptionContext: { old: "1" },
        DestinationKeyId: other.id,
        DestinationEncryptionContext: { new: "1" },
      }),
    );
    assert.deepEqual([moved.SourceKeyId, moved.KeyId], [arn(), other.outputs["arn"]]);
    assert.equal(await opened(moved.CiphertextBlob, { KeyId: other.id, EncryptionContext: { new: "1" } }), "x");
    const client = new KMSClient(await api.roleWith("app", { Action: "kms:ReEncryptFrom", Resource: "*" }));
    const half = client.send(new ReEncryptCommand({ CiphertextBlob: await sealed("x"), DestinationKeyId: other.id }));
    await assert.rejects(half, { name: "AccessDeniedException", message: /not authorized to perform: kms:ReEncryptTo/ });
  });

  it("tells keys, their aliases and policies", async () => {
    await makeAlias("alias/shop", key.id);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/shop" }));
    assert.deepEqual(
      [KeyMetadata?.KeyId, KeyMetadata?.Arn, KeyMetadata?.KeyState, KeyMetadata?.Enabled, KeyMetadata?.KeyManager],
      [key.id, arn(), "Enabled", true, "CUSTOMER"],
    );
    assert.ok(Math.abs((KeyMetadata?.CreationDate?.getTime() ?? 0) - Date.now()) < 60_000);
    assert.deepEqual((await kms.send(new ListKeysCommand({}))).Keys, [{ KeyId: key.id, KeyArn: arn() }]);
    const { Aliases } = await kms.send(new ListAliasesCommand({ KeyId: key.id }));
    assert.deepEqual(
      Aliases?.map(({ AliasName, TargetKeyId }) => [AliasName, TargetKeyId]),
      [["alias/shop", key.id]],
    );
    const other = await makeKey({}, "other");
    assert.deepEqual((await kms.send(new ListAliasesCommand({ KeyId: other.id }))).Aliases, []);
    assert.equal((await kms.send(new GetKeyPolicyCommand({ KeyId: key.id }))).Policy, defaultKeyPolicy(ACCOUNT));
  });

  it("tells what is not there, and what it does not do", async () => {
    const message = "Key 'ghost' does not exist";
    await assert.rejects(encrypt("x", { KeyId: "ghost" }), { name: "NotFoundException", message });
    await assert.rejects(encrypt("x", { KeyId: "alias/ghost" }), {
      name: "NotFoundException",
      message: "Alias 'alias/ghost' does not exist",
    });
    const sign = kms.send(new SignCommand({ KeyId: key.id, Message: bytes("x"), SigningAlgorithm: "ECDSA_SHA_256" }));
    await assert.rejects(sign, { name: "UnknownOperationException", message: /"Sign"; it serves CancelKeyDeletion, Decrypt, / });
  });

  it("uses no key that is switched off, and the same again when it is on", async () => {
    const blob = await sealed("x");
    key = await api.stack.update(key, "main", { isEnabled: false });
    const off = { name: "DisabledException", message: `${arn()} is disabled.` };
    await assert.rejects(encrypt("x"), off);
    await assert.rejects(decrypt(blob), off);
    assert.equal((await kms.send(new DescribeKeyCommand({ KeyId: key.id }))).KeyMetadata?.KeyState, "Disabled");
    key = await api.stack.update(key, "main", { isEnabled: true });
    assert.equal(await opened(blob), "x");
  });
});
