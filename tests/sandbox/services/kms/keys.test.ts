import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { kmsDefinitions } from "../../../../sandbox/src/services/kms/index.ts";
import { defaultKeyPolicy } from "../../../../sandbox/src/services/kms/keys.ts";
import { policyOf } from "../../support/api.ts";
import { ACCOUNT, REGION, Stack, testCloud, type TestCloud } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";

const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";

describe("keys of KMS", () => {
  let cloud: TestCloud;
  let stack: Stack;
  beforeEach(() => {
    cloud = testCloud();
    stack = new Stack(cloud, kmsDefinitions);
  });
  afterEach(() => cloud.end());

  const key = (inputs: Props = {}, name = "main") => stack.create(KEY, name, inputs);
  const alias = (inputs: Props, name = "main") => stack.create(ALIAS, name, inputs);

  it("have the outputs that the provider computes", async () => {
    const { id, outputs } = await key({ description: "the data" });
    assert.match(id, /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    assert.deepEqual(
      [
        outputs["arn"],
        outputs["keyId"],
        outputs["keyUsage"],
        outputs["customerMasterKeySpec"],
        outputs["isEnabled"],
        outputs["multiRegion"],
      ],
      [`arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`, id, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", true, false],
    );
    assert.equal(outputs["policy"], defaultKeyPolicy(ACCOUNT));
  });

  for (const [inputs, fault] of [
    [
      { customerMasterKeySpec: "RSA_2048" },
      /^customerMasterKeySpec: "RSA_2048" is not one of the allowed values: SYMMETRIC_DEFAULT$/,
    ],
    [{ keyUsage: "SIGN_VERIFY" }, /^keyUsage: "SIGN_VERIFY" is not one of the allowed values: ENCRYPT_DECRYPT$/],
    [{ deletionWindowInDays: 6 }, /^deletionWindowInDays: 6 is out of range; allowed: 7 to 30$/],
    [{ deletionWindowInDays: 31 }, /^deletionWindowInDays: 31 is out of range/],
    [{ rotationPeriodInDays: 89 }, /^rotationPeriodInDays: 89 is out of range; allowed: 90 to 2560$/],
    [{ policy: "{" }, /^policy: MalformedPolicyDocument: This policy contains invalid Json/],
    [
      { policy: policyOf({ Action: "kms:Encode", Resource: "*", Principal: "*" }) },
      /kms has no such action; the nearest is kms:\w+$/,
    ],
  ] as const) {
    it(`are refused before they are made with ${JSON.stringify(inputs)}`, () => {
      assert.match(stack.faults(KEY, "main", inputs).join("\n"), fault);
    });
  }

  describe("have a policy", () => {
    const lockedOut = "The new key policy will not allow you to update the key policy in the future.";
    const mine = { Action: "kms:*", Resource: "*", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } };

    for (const [what, statement] of [
      ["by which the account", mine],
      ["by which the account by its id", { ...mine, Principal: { AWS: ACCOUNT } }],
      ["by a pattern of which the account", { ...mine, Action: "kms:P*" }],
      [
        "by which a person of the account",
        { ...mine, Action: "kms:PutKeyPolicy", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/operator` } },
      ],
    ] as const) {
      it(`${what} can change it later`, async () => {
        const policy = policyOf(statement);
        assert.equal((await key({ policy })).outputs["policy"], policy);
      });
    }

    for (const [what, statement] of [
      ["only a service could", { ...mine, Principal: { Service: "logs.amazonaws.com" } }],
      ["only another account could", { ...mine, Principal: { AWS: "210987654321" } }],
      ["nobody could", { ...mine, Action: "kms:Encrypt" }],
      ["all are kept from it", { ...mine, Effect: "Deny" }],
    ] as const) {
      it(`but none that ${what} change later`, async () => {
        await refused(key({ policy: policyOf(statement) }), "MalformedPolicyDocumentException", lockedOut);
        await key({ policy: policyOf(statement), bypassPolicyLockoutSafetyCheck: true });
      });
    }

    it("that names only who is there", () => {
      const ghost = `arn:aws:iam::${ACCOUNT}:role/ghost`;
      const words = `Policy contains a statement with one or more invalid principals: "AWS":"${ghost}"`;
      return refused(
        key({ policy: policyOf(mine, { ...mine, Principal: { AWS: ghost } }) }),
        "MalformedPolicyDocumentException",
        words,
      );
    });

    it("that can be changed, under the same rules", async () => {
      const row = await key();
      await refused(
        stack.update(row, "main", { policy: policyOf({ ...mine, Action: "kms:Encrypt" }) }),
        "MalformedPolicyDocumentException",
        lockedOut,
      );
      assert.equal(cloud.world.get(KEY, row.id)?.outputs["policy"], defaultKeyPolicy(ACCOUNT));
      const policy = policyOf(mine);
      assert.equal((await stack.update(row, "main", { policy })).outputs["policy"], policy);
    });
  });

  describe("have aliases", () => {
    it("by id or ARN, each name once in a region, which can be moved to another key", async () => {
      const one = await key();
      const two = await key({}, "second");
      const made = await alias({ name: "alias/shop", targetKeyId: one.id });
      assert.deepEqual(
        [made.id, made.outputs["arn"], made.outputs["targetKeyArn"]],
        ["alias/shop", `arn:aws:kms:${REGION}:${ACCOUNT}:alias/shop`, one.outputs["arn"]],
      );
      const again = alias({ name: "alias/shop", targetKeyId: two.id }, "again");
      await refused(
        again,
        "AlreadyExistsException",
        `An alias with the name arn:aws:kms:${REGION}:${ACCOUNT}:alias/shop already exists`,
      );
      const moved = await stack.update(made, "main", { name: "alias/shop", targetKeyId: text(two.outputs, "arn") });
      assert.deepEqual([moved.outputs["targetKeyId"], moved.outputs["targetKeyArn"]], [two.id, two.outputs["arn"]]);
    });

    it("named after their resource, or by a prefix", async () => {
      const { id: targetKeyId } = await key();
      assert.match((await alias({ targetKeyId }, "shop")).id, /^alias\/shop-[0-9a-f]{7}$/);
      assert.match((await alias({ namePrefix: "alias/shop-", targetKeyId }, "other")).id, /^alias\/shop-[0-9a-f]{26}$/);
    });

    for (const [name, fault] of [
      ["shop", /an alias begins with alias\//],
      ["alias/", /an alias begins with alias\//],
      ["alias/a b", /letters, digits and \/_- follow/],
      ["alias/aws/s3", /names that begin with alias\/aws\/ are AWS's own/],
      [`alias/${"x".repeat(251)}`, /allowed: 1 to 256 characters/],
    ] as const) {
      it(`but not "${name.slice(0, 40)}"`, () => {
        assert.match(stack.faults(ALIAS, "main", { name, targetKeyId: "k" }).join("\n"), fault);
      });
    }

    it("of keys that are there", () =>
      refused(alias({ name: "alias/shop", targetKeyId: "ghost" }), "NotFoundException", "Key 'ghost' does not exist"));
  });
});
