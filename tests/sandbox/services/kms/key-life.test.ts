import assert from "node:assert/strict";
import {
  CancelKeyDeletionCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
  RotateKeyOnDemandCommand,
} from "@aws-sdk/client-kms";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { kmsOperations } from "../../../../sandbox/src/services/kms/api.ts";
import { apiCloud, type ApiCloud } from "../../support/api.ts";
import { REGION } from "../../support/cloud.ts";

const KEY = "aws:kms/key:Key";
const DAY = 24 * 60 * 60 * 1000;

describe("a key of KMS in time", () => {
  let api: ApiCloud;
  let key: Resource;
  let kms: KMSClient;
  let days = 0;
  beforeEach(async () => {
    api = await apiCloud({ json: { kms: kmsOperations }, query: {}, rest: {} });
    key = await makeKey();
    kms = new KMSClient(api.operator);
    days = 0;
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
  /** Moves the cloud's clock and the client's with it. */
  const pass = (count: number): void => {
    days += count;
    api.cloud.pass(count * DAY);
    kms = new KMSClient({ ...api.operator, systemClockOffset: days * DAY });
  };

  describe("rotates a key", () => {
    const status = async (KeyId = key.id) => {
      const { KeyRotationEnabled, RotationPeriodInDays, NextRotationDate } = await kms.send(
        new GetKeyRotationStatusCommand({ KeyId }),
      );
      const next =
        NextRotationDate === undefined ? undefined : Math.round((NextRotationDate.getTime() - Date.now()) / DAY) - days;
      return { on: KeyRotationEnabled, period: RotationPeriodInDays, next };
    };
    const done = async () =>
      ((await kms.send(new ListKeyRotationsCommand({ KeyId: key.id }))).Rotations ?? []).map(({ RotationType }) => RotationType);
    const demand = () => kms.send(new RotateKeyOnDemandCommand({ KeyId: key.id }));

    it("not unless the program says so", async () => {
      assert.deepEqual(await status(), { on: false, period: undefined, next: undefined });
      pass(1000);
      assert.deepEqual(await done(), []);
    });

    it("each year, or as often as it says, and still reads all that it ever encrypted", async () => {
      key = await api.stack.update(key, "main", { enableKeyRotation: true });
      assert.deepEqual(await status(), { on: true, period: 365, next: 365 });
      key = await api.stack.update(key, "main", { enableKeyRotation: true, rotationPeriodInDays: 90 });
      const blobs = [await sealed("first")];
      for (const text of ["second", "third"]) {
        pass(90);
        blobs.push(await sealed(text));
      }
      assert.deepEqual(await done(), ["AUTOMATIC", "AUTOMATIC"]);
      assert.deepEqual((await status()).next, 90);
      assert.deepEqual(await Promise.all(blobs.map((blob) => opened(blob))), ["first", "second", "third"]);
    });

    it("as often as was due while nobody used it", async () => {
      key = await api.stack.update(key, "main", { enableKeyRotation: true, rotationPeriodInDays: 100 });
      pass(350);
      assert.equal((await done()).length, 3);
      assert.deepEqual((await status()).next, 50);
    });

    it("no more once it is switched off, and a whole period after it is on again", async () => {
      key = await api.stack.update(key, "main", { enableKeyRotation: true, rotationPeriodInDays: 100 });
      pass(60);
      key = await api.stack.update(key, "main", { enableKeyRotation: false });
      pass(60);
      key = await api.stack.update(key, "main", { enableKeyRotation: true, rotationPeriodInDays: 100 });
      assert.deepEqual([(await status()).next, await done()], [100, []]);
    });

    it("on demand, 25 times at most, and keeps to its schedule", async () => {
      key = await api.stack.update(key, "main", { enableKeyRotation: true, rotationPeriodInDays: 100 });
      pass(10);
      const blob = await sealed("x");
      for (let time = 0; time < 25; time++) await demand();
      assert.equal((await done()).length, 25);
      await assert.rejects(demand(), { name: "LimitExceededException" });
      assert.deepEqual([(await status()).next, await opened(blob)], [90, "x"]);
    });
  });

  describe("keeps a deleted key for its window:", () => {
    const describeKey = async () => (await kms.send(new DescribeKeyCommand({ KeyId: key.id }))).KeyMetadata;
    const cancel = () => kms.send(new CancelKeyDeletionCommand({ KeyId: key.id }));

    it("it cannot be used, and says so and until when", async () => {
      const blob = await sealed("x");
      await api.stack.delete(key);
      const pending = { name: "KMSInvalidStateException", message: `${arn()} is pending deletion.` };
      await assert.rejects(encrypt("x"), pending);
      await assert.rejects(decrypt(blob), pending);
      const { KeyState, Enabled, DeletionDate } = (await describeKey()) ?? {};
      assert.deepEqual([KeyState, Enabled], ["PendingDeletion", false]);
      assert.equal(Math.round(((DeletionDate?.getTime() ?? 0) - Date.now()) / DAY), 30);
      assert.equal((await kms.send(new ListKeysCommand({}))).Keys?.length, 1);
    });

    it("called back, it is switched off, and reads all again once a program has imported it and switched it on", async () => {
      const blob = await sealed("x");
      await makeAlias("alias/shop", key.id);
      await api.stack.delete(key);
      assert.equal((await cancel()).KeyId, arn());
      assert.equal((await describeKey())?.KeyState, "Disabled");
      await assert.rejects(cancel(), { name: "KMSInvalidStateException", message: `${arn()} is not pending deletion.` });
      const imported = await api.stack.engine.read(KEY, key.id, REGION);
      assert.ok(imported);
      await api.stack.update(imported, "main", { isEnabled: true });
      assert.equal(await opened(blob, { KeyId: "alias/shop" }), "x");
    });

    it("after the days that the program gave, it is gone for good, and its aliases with it", async () => {
      key = await api.stack.update(key, "main", { deletionWindowInDays: 7 });
      const blob = await sealed("x");
      await makeAlias("alias/shop", key.id);
      await api.stack.delete(key);
      pass(6);
      assert.equal((await describeKey())?.KeyState, "PendingDeletion");
      pass(1);
      await assert.rejects(describeKey(), { name: "NotFoundException", message: `Key '${key.id}' does not exist` });
      await assert.rejects(cancel(), { name: "NotFoundException" });
      await assert.rejects(decrypt(blob), { name: "AccessDeniedException" });
      assert.deepEqual((await kms.send(new ListAliasesCommand({}))).Aliases, []);
    });
  });
});
