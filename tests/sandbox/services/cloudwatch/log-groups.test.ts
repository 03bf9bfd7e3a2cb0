import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { writeLogs } from "../../../../sandbox/src/services/cloudwatch/logs.ts";
import { telemetry } from "../../../../sandbox/src/services/cloudwatch/telemetry.ts";
import { policyOf } from "../../support/api.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { CloudWatchFixture, type } from "./support.ts";

describe("log groups of the sandbox", () => {
  let watch: CloudWatchFixture;
  beforeEach(() => (watch = new CloudWatchFixture()));
  afterEach(() => watch.end());

  it("have what the provider computes", async () => {
    const { id, outputs } = await watch.group({ retentionInDays: 30 });
    assert.equal(id, "/shop/app");
    assert.deepEqual(
      { ...outputs },
      {
        name: "/shop/app",
        retentionInDays: 30,
        skipDestroy: false,
        arn: "arn:aws:logs:eu-central-1:123456789012:log-group:/shop/app",
        logGroupClass: "STANDARD",
        deletionProtectionEnabled: false,
        created: Date.parse("2026-03-01T12:00:00Z"),
      },
    );
  });

  it("have a name that is the region's only one", async () => {
    await watch.group();
    await refused(watch.group(), "ResourceAlreadyExistsException", "The specified log group already exists");
  });

  it("can have a name made for them, and another one for what replaces them", async () => {
    const make = () => watch.make(type.group, "group", { namePrefix: "shop-" });
    const first = await make();
    watch.cloud.pass(1);
    const second = await make();
    assert.match(first.id, /^shop-[0-9a-f]{26}$/);
    assert.notEqual(first.id, second.id);
    assert.equal(text(first.outputs, "name"), first.id);
  });

  it("are protected from deletion while they are to be, and show the provider's default once that is taken away", async () => {
    const made = await watch.group({ deletionProtectionEnabled: true });
    await refused(
      watch.stack.delete(made),
      "ValidationException",
      "The specified log group has deletion protection enabled. Disable deletion protection before deleting it.",
    );
    const freed = await watch.stack.update(made, "group", { name: "/shop/app" });
    assert.equal(freed.outputs["deletionProtectionEnabled"], false);
    await watch.stack.delete(freed);
    assert.equal(await watch.stack.engine.read(type.group, made.id, REGION), undefined);
  });

  for (const [inputs, fault] of [
    [{ name: "a b" }, 'name: "a b" is not allowed: only letters, digits and _ - / . # are'],
    [{ name: "x".repeat(513) }, /^name: "x+" has the wrong length; allowed: 1 to 512 characters$/],
    [{ retentionInDays: 2 }, /^retentionInDays: 2 is not one of the allowed values: 0, 1, 3, 5, 7, 14, 30, /],
    [{ skipDestroy: true }, "skipDestroy: the sandbox always deletes a log group with its lines; skipDestroy must be false"],
    [
      { logGroupClass: "CHEAP" },
      'logGroupClass: "CHEAP" is not one of the allowed values: STANDARD, INFREQUENT_ACCESS, DELIVERY',
    ],
  ] as const) {
    it(`refuse ${JSON.stringify(inputs).slice(0, 40)}`, () => {
      const faults = watch.stack.faults(type.group, "group", { name: "/shop/app", ...inputs });
      if (typeof fault === "string") assert.deepEqual(faults, [fault]);
      else assert.match(faults.join("\n"), fault);
    });
  }

  it("are replaced where their name or class changes, and changed in place where their retention does", () => {
    const changes = (now: Props) =>
      watch.stack.engine
        .diff(type.group, { name: "/a", retentionInDays: 1, logGroupClass: "STANDARD" }, now)
        .changes.map(({ path, replace }) => [path, replace]);
    assert.deepEqual(changes({ name: "/b", retentionInDays: 1, logGroupClass: "STANDARD" }), [["name", true]]);
    assert.deepEqual(changes({ name: "/a", retentionInDays: 3, logGroupClass: "DELIVERY" }), [
      ["retentionInDays", false],
      ["logGroupClass", true],
    ]);
  });

  describe("with a key", () => {
    const ARN = "arn:aws:logs:eu-central-1:123456789012:log-group:/shop/app";
    const root = { Action: "kms:*", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Resource: "*" };
    const service = (more: object = {}) => ({
      Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      Principal: { Service: "logs.eu-central-1.amazonaws.com" },
      Resource: "*",
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": ARN } },
      ...more,
    });
    const sealed = async (...statements: object[]) => {
      const key = await watch.make(type.key, "key", { policy: policyOf(root, ...statements) });
      return watch.group({ kmsKeyId: text(key.outputs, "arn") });
    };
    const words = `The specified KMS key does not exist or is not allowed to be used with Arn '${ARN}'`;

    it("need one whose policy lets CloudWatch Logs use it for them", async () => {
      await refused(sealed(), "InvalidParameterException", words);
      assert.equal((await sealed(service())).id, "/shop/app");
    });

    it("are refused one that is for another group or for reading only", async () => {
      const other = { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `${ARN}-2` } };
      await refused(sealed(service({ Condition: other })), "InvalidParameterException", words);
      await refused(sealed(service({ Action: "kms:Decrypt" })), "InvalidParameterException", words);
    });

    it("are refused one that does not exist, also when they are changed", async () => {
      const made = await watch.group();
      const inputs = { name: "/shop/app", kmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/none" };
      await refused(watch.stack.update(made, "group", inputs), "InvalidParameterException", words);
    });
  });
});

describe("log streams of the sandbox", () => {
  let watch: CloudWatchFixture;
  beforeEach(() => (watch = new CloudWatchFixture()));
  afterEach(() => watch.end());
  const stream = (inputs: Props = {}) =>
    watch.make(type.stream, "stream", { logGroupName: "/shop/app", name: "web/1", ...inputs });

  it("stand in their group until they are deleted, with their lines", async () => {
    await watch.group();
    const made = await stream();
    assert.equal(made.id, "/shop/app:web/1");
    assert.equal(made.outputs["arn"], "arn:aws:logs:eu-central-1:123456789012:log-group:/shop/app:log-stream:web/1");
    watch.log("one", "web/1");
    writeLogs(watch.cloud);
    const { logs } = telemetry(watch.cloud);
    const key = "eu-central-1//shop/app";
    assert.deepEqual([logs.hasStream(key, "web/1"), logs.size(key)], [true, 29]);
    await watch.stack.delete(made);
    assert.deepEqual([logs.hasStream(key, "web/1"), logs.size(key)], [false, 0]);
  });

  it("need their group, and a name that it does not have yet", async () => {
    await refused(stream(), "ResourceNotFoundException", "The specified log group does not exist.");
    await watch.group();
    watch.log("a workload was first", "web/1");
    writeLogs(watch.cloud);
    await refused(stream(), "ResourceAlreadyExistsException", "The specified log stream already exists");
  });

  it("refuse a name with a colon or a star", () => {
    assert.deepEqual(watch.stack.faults(type.stream, "stream", { logGroupName: "/a", name: "a:*" }), [
      `name: "a:*" is not allowed: ':' and '*' are not`,
    ]);
  });
});
