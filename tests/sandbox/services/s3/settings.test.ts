import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { s3Definitions } from "../../../../sandbox/src/services/s3/index.ts";
import { policyOf } from "../../support/api.ts";
import { ACCOUNT, REGION, Stack, testCloud, type TestCloud } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { BUCKET, type } from "./support.ts";

const rule = { id: "all", status: "Enabled", expiration: { days: 90 } };
const statement = { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${BUCKET}/*` };

/** Each setting: as it may be made, and as it may be changed. */
const SETTINGS: Readonly<Record<string, readonly [Props, Props]>> = {
  [type.versioning]: [{ versioningConfiguration: { status: "Enabled" } }, { versioningConfiguration: { status: "Suspended" } }],
  [type.encryption]: [
    { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" }, bucketKeyEnabled: true }] },
  ],
  [type.publicAccess]: [{ blockPublicAcls: true }, { blockPublicPolicy: true }],
  [type.ownership]: [{ rule: { objectOwnership: "BucketOwnerEnforced" } }, { rule: { objectOwnership: "BucketOwnerPreferred" } }],
  [type.lifecycle]: [{ rules: [rule] }, { rules: [{ ...rule, expiration: { days: 30 } }] }],
  [type.logging]: [
    { targetBucket: "logs-of-shop", targetPrefix: "a/" },
    { targetBucket: "logs-of-shop", targetPrefix: "b/" },
  ],
  [type.policy]: [{ policy: policyOf(statement) }, { policy: policyOf({ ...statement, Action: "s3:PutObject" }) }],
};

describe("a setting of a bucket", () => {
  let cloud: TestCloud;
  let stack: Stack;
  beforeEach(async () => {
    cloud = testCloud();
    stack = new Stack(cloud, s3Definitions);
    await stack.create(type.bucket, "main", { bucket: BUCKET });
    await stack.create(type.bucket, "logs", { bucket: "logs-of-shop" });
  });
  afterEach(() => cloud.end());

  for (const [token, [made, changed]] of Object.entries(SETTINGS)) {
    describe(token, () => {
      const make = (inputs: Props = made, name = "main") => stack.create(token, name, { bucket: BUCKET, ...inputs });

      it("is made, read, changed in place and deleted under the bucket's name", async () => {
        const row = await make();
        assert.equal(row.id, BUCKET);
        assert.equal(row.outputs["region"], REGION);
        for (const [name, value] of Object.entries(made)) assert.deepEqual(row.outputs[name], value);
        assert.deepEqual(
          stack.engine.diff(token, row.inputs, { ...row.inputs, ...changed }).changes.filter(({ replace }) => replace),
          [],
        );
        const updated = await stack.update(row, "main", { bucket: BUCKET, ...changed });
        const read = await stack.engine.read(token, BUCKET, REGION);
        assert.deepEqual(read?.outputs, updated.outputs);
        for (const [name, value] of Object.entries(changed)) assert.deepEqual(read.outputs[name], value);
        await stack.delete(updated);
        assert.equal(await stack.engine.read(token, BUCKET, REGION), undefined);
      });

      it("can be imported, and where there is none that is said", async () => {
        assert.equal(await stack.engine.read(token, BUCKET, REGION), undefined);
        await make();
        const read = await stack.engine.read(token, BUCKET, REGION);
        for (const [name, value] of Object.entries(made)) assert.deepEqual(read?.inputs[name], value);
      });

      it("needs a bucket that is there", () =>
        refused(make({ ...made, bucket: "nowhere" }), "NoSuchBucket", "The specified bucket does not exist"));

      it("is of one resource: a second one is told so", async () => {
        await make();
        await refused(make(made, "second"), "ResourceAlreadyExists", `${token} ${BUCKET} exists already`);
      });

      it("does not keep its bucket from being deleted, and goes with it", async () => {
        await make();
        const bucket = cloud.world.get(type.bucket, BUCKET);
        assert.ok(bucket);
        await stack.delete(bucket);
        assert.equal(cloud.world.get(token, BUCKET), undefined);
      });
    });
  }

  it("is only for the bucket's owner", async () => {
    const versioning = { bucket: BUCKET, versioningConfiguration: { status: "Enabled" } };
    const other = stack.create(type.versioning, "other", { ...versioning, expectedBucketOwner: "210987654321" });
    await refused(other, "AccessDenied", "Access Denied");
    const { id } = await stack.create(type.versioning, "own", { ...versioning, expectedBucketOwner: ACCOUNT });
    assert.equal(id, `${BUCKET},${ACCOUNT}`);
  });

  it("loses an input that the program no longer gives", async () => {
    const logging = { bucket: BUCKET, targetBucket: "logs-of-shop", targetPrefix: "a/" };
    const row = await stack.create(type.logging, "logging", { ...logging, targetObjectKeyFormat: { simplePrefix: {} } });
    const updated = await stack.update(row, "logging", logging);
    assert.equal(updated.outputs["targetObjectKeyFormat"], undefined);
  });

  it("of logging needs a target that is there", () =>
    refused(
      stack.create(type.logging, "logging", { bucket: BUCKET, targetBucket: "nowhere", targetPrefix: "" }),
      "InvalidTargetBucketForLogging",
      "The target bucket for logging does not exist",
    ));

  const encryption = (chosen: object): Props => ({ rules: [{ applyServerSideEncryptionByDefault: chosen }] }) as Props;
  for (const [token, inputs, fault] of [
    [
      type.versioning,
      { versioningConfiguration: { status: "On" } },
      /^versioningConfiguration.status: "On" is not one of the allowed values: Enabled, Suspended, Disabled$/,
    ],
    [
      type.encryption,
      encryption({ sseAlgorithm: "aes" }),
      /sseAlgorithm: "aes" is not one of the allowed values: AES256, aws:kms, aws:kms:dsse$/,
    ],
    [
      type.encryption,
      encryption({ sseAlgorithm: "AES256", kmsMasterKeyId: "k" }),
      /a kmsMasterKeyId is not applicable if sseAlgorithm is not aws:kms/,
    ],
    [type.ownership, { rule: { objectOwnership: "Me" } }, /rule.objectOwnership: "Me" is not one of the allowed values/],
    [
      type.lock,
      { rule: { defaultRetention: { mode: "STRICT", days: 1 } } },
      /"STRICT" is not one of the allowed values: COMPLIANCE, GOVERNANCE$/,
    ],
    [type.lock, { rule: { defaultRetention: { mode: "COMPLIANCE" } } }, /exactly one of days and years must be given, not none$/],
    [type.lock, { rule: { defaultRetention: { mode: "COMPLIANCE", days: 1, years: 1 } } }, /not days and years$/],
    [type.lock, { rule: { defaultRetention: { mode: "COMPLIANCE", days: 0 } } }, /0 is out of range; allowed: 1 to 36500$/],
    [type.lifecycle, { rules: [] }, /^rules: 0 rules were given; allowed: 1 to 1000$/],
    [type.lifecycle, { rules: [rule, rule] }, /Rule ID must be unique. Found same ID for more than one rule: "all"$/],
    [
      type.lifecycle,
      { rules: [{ ...rule, status: "On" }] },
      /rules\[\].status: "On" is not one of the allowed values: Enabled, Disabled$/,
    ],
    [
      type.lifecycle,
      { rules: [{ id: "idle", status: "Enabled" }] },
      /At least one action needs to be specified in a rule: rule "idle" has none of/,
    ],
    [
      type.lifecycle,
      { rules: [{ ...rule, expiration: {} }] },
      /exactly one of date, days and expiredObjectDeleteMarker must be given in expiration, not none$/,
    ],
    [type.lifecycle, { rules: [{ ...rule, expiration: { days: 1, date: "2027-01-01" } }] }, /not date and days$/],
    [type.lifecycle, { rules: [{ ...rule, expiration: { days: 0 } }] }, /0 is out of range; allowed: 1 to/],
    [
      type.lifecycle,
      { rules: [{ ...rule, transitions: [{ days: 7, storageClass: "STANDARD_IA" }] }] },
      /'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA', not 7$/,
    ],
    [
      type.lifecycle,
      { rules: [{ ...rule, transitions: [{ days: 90, storageClass: "GLACIER" }] }] },
      /'Days' in the Expiration action \(90\) must be greater than 'Days' in the Transition action \(90\)$/,
    ],
    [
      type.lifecycle,
      { rules: [{ ...rule, transitions: [{ days: 30, storageClass: "COLD" }] }] },
      /"COLD" is not one of the allowed values/,
    ],
    [type.policy, { policy: "not json" }, /^policy: MalformedPolicy: This policy contains invalid Json/],
    [
      type.policy,
      { policy: policyOf({ ...statement, Action: "s3:GetObjekt" }) },
      /s3 has no such action; the nearest is s3:GetObject$/,
    ],
    [
      type.policy,
      { policy: policyOf({ ...statement, Principal: undefined }) },
      /MalformedPolicy: Statement 1: Missing required field Principal$/,
    ],
  ] as const) {
    it(`${token} is refused before anything is made with ${JSON.stringify(inputs)}`, () => {
      assert.match(stack.faults(token, "main", { bucket: BUCKET, ...(inputs as unknown as Props) }).join("\n"), fault);
    });
  }

  it("of the lifecycle tells all that is wrong at once", () => {
    const rules = [
      { id: "", status: "On" },
      { id: "x", status: "Enabled", expiration: { days: 0 } },
    ];
    const faults = stack.faults(type.lifecycle, "main", { bucket: BUCKET, rules });
    assert.equal(faults.length, 4, faults.join("\n"));
  });

  for (const days of [30, 31]) {
    it(`of the lifecycle may move objects to infrequent access after ${days} days`, () => {
      const transitions = [{ days, storageClass: "STANDARD_IA" }];
      assert.deepEqual(stack.faults(type.lifecycle, "main", { bucket: BUCKET, rules: [{ ...rule, transitions }] }), []);
    });
  }
});
