import assert from "node:assert/strict";
import {
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  type PutSecretValueCommandInput,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { SecretsFixture, type } from "./support.ts";

/** A ClientRequestToken has 32 characters at least. */
const ID = (letter: string): string => letter.repeat(32);

describe("the versions of a secret", () => {
  let secrets: SecretsFixture;
  let secret: Resource;
  beforeEach(async () => {
    secrets = await SecretsFixture.start();
    secret = await secrets.secret();
  });
  afterEach(() => secrets.end());

  const put = (SecretString: string, letter: string, more: Partial<PutSecretValueCommandInput> = {}) =>
    secrets.client.send(
      new PutSecretValueCommand({ SecretId: "shop/app", SecretString, ClientRequestToken: ID(letter), ...more }),
    );
  const stage = (VersionStage: string, from?: string, to?: string) =>
    secrets.client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: "shop/app",
        VersionStage,
        ...(from === undefined ? {} : { RemoveFromVersionId: ID(from) }),
        ...(to === undefined ? {} : { MoveToVersionId: ID(to) }),
      }),
    );
  /** Which version (by the letter of its id) has which labels. */
  const labels = async (IncludeDeprecated = false): Promise<Record<string, string[]>> => {
    const { Versions = [] } = await secrets.client.send(
      new ListSecretVersionIdsCommand({ SecretId: "shop/app", IncludeDeprecated }),
    );
    return Object.fromEntries(
      Versions.map(({ VersionId = "", VersionStages = [] }) => [VersionId[0] ?? "", VersionStages.toSorted()]),
    );
  };

  it("are none at first, and that is told", async () => {
    await assert.rejects(secrets.read(), {
      name: "ResourceNotFoundException",
      message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    });
  });

  it("take the label AWSCURRENT from one another, and the one before has AWSPREVIOUS", async () => {
    for (const letter of ["a", "b", "c"]) await put(`value ${letter}`, letter);
    assert.deepEqual(await labels(), { c: ["AWSCURRENT"], b: ["AWSPREVIOUS"] });
    assert.deepEqual(
      [await secrets.read(), await secrets.read({ VersionStage: "AWSPREVIOUS" }), await secrets.read({ VersionId: ID("b") })],
      ["value c", "value b", "value b"],
    );
    await assert.rejects(secrets.read({ VersionId: ID("a") }), {
      name: "ResourceNotFoundException",
      message: `Secrets Manager can't find the specified secret value for VersionId: ${ID("a")}`,
    });
  });

  it("may wait under a label of their own, as those of a rotation do", async () => {
    await put("old", "a");
    await put("new", "b", { VersionStages: ["AWSPENDING"] });
    assert.deepEqual(await labels(), { a: ["AWSCURRENT"], b: ["AWSPENDING"] });
    assert.equal(await secrets.read({ VersionStage: "AWSPENDING" }), "new");
    await stage("AWSCURRENT", "a", "b");
    assert.deepEqual(await labels(), { a: ["AWSPREVIOUS"], b: ["AWSCURRENT", "AWSPENDING"] });
    assert.equal(await secrets.read(), "new");
  });

  it("go back, and then each label is at one version only", async () => {
    for (const letter of ["a", "b"]) await put(`value ${letter}`, letter);
    await stage("AWSCURRENT", "b", "a");
    assert.deepEqual(await labels(), { a: ["AWSCURRENT"], b: ["AWSPREVIOUS"] });
    await put("value c", "c", { VersionStages: ["mine"] });
    await stage("AWSCURRENT", "a", "c");
    assert.deepEqual(await labels(), { a: ["AWSPREVIOUS"], c: ["AWSCURRENT", "mine"] });
    assert.deepEqual(await labels(true), { a: ["AWSPREVIOUS"], b: [], c: ["AWSCURRENT", "mine"] });
  });

  it("are AWSCURRENT from the first on, whatever label was asked for", async () => {
    await put("first", "a", { VersionStages: ["blue"] });
    assert.deepEqual(await labels(), { a: ["AWSCURRENT", "blue"] });
  });

  it("are put once under one token, and the same again is fine", async () => {
    await put("value", "a");
    await put("value", "a");
    assert.deepEqual(await labels(), { a: ["AWSCURRENT"] });
    await assert.rejects(put("another", "a"), {
      name: "ResourceExistsException",
      message: `You can't use ClientRequestToken ${ID("a")} because that value is already in use for a version of secret ${secret.id}.`,
    });
    assert.equal(await secrets.read(), "value");
  });

  it("hold text to the letter, JSON among it, or bytes", async () => {
    const json = JSON.stringify({ username: "shop", password: "Grüße 💶 \u0000 \"'\\" });
    await put(json, "a");
    assert.equal(await secrets.read(), json);
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    await secrets.client.send(new PutSecretValueCommand({ SecretId: "shop/app", SecretBinary: bytes }));
    const { SecretBinary, SecretString } = await secrets.client.send(new GetSecretValueCommand({ SecretId: "shop/app" }));
    assert.deepEqual([SecretBinary, SecretString], [bytes, undefined]);
  });

  it("hold 65,536 bytes at most", async () => {
    await put("x".repeat(65_536), "a");
    const longer = put(`${"x".repeat(65_535)}ü`, "b");
    await assert.rejects(longer, { name: "ValidationException", message: /length less than or equal to 65536$/ });
    assert.deepEqual(secrets.api.stack.faults(type.version, "v", { secretId: "s", secretString: "x".repeat(65_537) }), [
      "secretString: the value is longer than 65536 bytes",
    ]);
    const binary = (size: number) => ({ secretId: "s", secretBinary: Buffer.alloc(size).toString("base64") });
    assert.deepEqual(secrets.api.stack.faults(type.version, "v", binary(65_536)), []);
    assert.equal(secrets.api.stack.faults(type.version, "v", binary(65_537)).length, 1);
  });

  it("need text or bytes, and not both", async () => {
    const neither = secrets.client.send(new PutSecretValueCommand({ SecretId: "shop/app" }));
    const both = secrets.client.send(
      new PutSecretValueCommand({ SecretId: "shop/app", SecretString: "x", SecretBinary: Buffer.from("x") }),
    );
    for (const work of [neither, both]) {
      await assert.rejects(work, {
        name: "InvalidRequestException",
        message: "You must provide either SecretString or SecretBinary.",
      });
    }
  });

  for (const [what, move, message] of [
    [
      "AWSCURRENT cannot be taken away",
      () => stage("AWSCURRENT", "b"),
      /You can only move staging label AWSCURRENT to a different secret version/,
    ],
    [
      "where it is must be said",
      () => stage("AWSCURRENT", undefined, "a"),
      /^The parameter RemoveFromVersionId can't be empty\. Staging label AWSCURRENT is currently attached to version b+\.$/,
    ],
    [
      "and said rightly",
      () => stage("AWSCURRENT", "a", "a"),
      /RemoveFromVersionId can't be a+\. Staging label AWSCURRENT is currently attached to version b+/,
    ],
    [
      "to a version that is there",
      () => stage("AWSCURRENT", "b", "x"),
      /can't find the specified secret value for VersionId: x+/,
    ],
  ] as const) {
    it(`are labelled with care: ${what}`, async () => {
      await put("a", "a");
      await put("b", "b");
      await assert.rejects(move(), { message });
      assert.deepEqual(await labels(), { a: ["AWSPREVIOUS"], b: ["AWSCURRENT"] });
    });
  }

  it("are looked up by an id and a label that belong together", async () => {
    await put("a", "a");
    const wrong = secrets.read({ VersionId: ID("a"), VersionStage: "AWSPREVIOUS" });
    const message = "You provided a VersionStage that is not associated to the provided VersionId.";
    await assert.rejects(wrong, { name: "InvalidRequestException", message });
  });

  describe("of a program", () => {
    it("are made, given further labels, and leave their value behind with AWSCURRENT", async () => {
      const row = await secrets.version("value");
      assert.equal(row.id, `shop/app|${text(row.outputs, "versionId")}`);
      assert.deepEqual([row.outputs["arn"], row.outputs["versionStages"]], [secret.id, ["AWSCURRENT"]]);
      const labelled = await secrets.api.stack.update(row, "main", {
        secretId: "shop/app",
        secretString: "value",
        versionStages: ["AWSCURRENT", "blue"],
      });
      assert.deepEqual(labelled.outputs["versionStages"], ["AWSCURRENT", "blue"]);
      assert.equal(await secrets.read({ VersionStage: "blue" }), "value");
      await secrets.api.stack.delete(labelled);
      assert.equal(await secrets.read(), "value");
      await assert.rejects(secrets.read({ VersionStage: "blue" }), { name: "ResourceNotFoundException" });
    });

    it("show on refresh that somebody else has put a newer one", async () => {
      const row = await secrets.version("value");
      await put("newer", "b");
      const seen = await secrets.api.stack.engine.read(type.version, row.id, REGION);
      assert.deepEqual(seen?.outputs["versionStages"], ["AWSPREVIOUS"]);
    });

    it("are replaced when their value changes", async () => {
      const row = await secrets.version("value");
      const { changes } = secrets.api.stack.engine.diff(type.version, row.inputs, { ...row.inputs, secretString: "other" });
      assert.deepEqual(changes, [{ path: "secretString", kind: "update", replace: true }]);
    });

    for (const [inputs, fault] of [
      [
        { secretString: "a", secretBinary: "YQ==" },
        "secretId: only one of secretString, secretBinary, secretStringWo can be given, not secretString and secretBinary",
      ],
      [{ secretBinary: "not base64!" }, "secretBinary: the value is not base64"],
      [{ secretStringWo: "hidden" }, "secretStringWo: secretStringWoVersion must be given with it"],
    ] as const) {
      it(`are refused with ${Object.keys(inputs).join(" and ")}, in words that do not show the value`, () => {
        assert.deepEqual(secrets.api.stack.faults(type.version, "v", { secretId: "s", ...inputs }), [fault]);
      });
    }

    it("need a secret that is there, and a value", async () => {
      const words = "Secrets Manager can't find the specified secret.";
      await refused(secrets.version("x", { secretId: "ghost" }), "ResourceNotFoundException", words);
      const empty = secrets.api.stack.create(type.version, "v", { secretId: "shop/app" });
      await refused(empty, "InvalidRequestException", "You must provide either SecretString or SecretBinary.");
    });
  });
});
