import assert from "node:assert/strict";
import {
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  type ListSecretsCommandInput,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { text } from "../../../../sandbox/src/core/values.ts";
import { policyOf } from "../../support/api.ts";
import { ACCOUNT, REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { SecretsFixture, type } from "./support.ts";

describe("secrets", () => {
  let secrets: SecretsFixture;
  beforeEach(async () => (secrets = await SecretsFixture.start()));
  afterEach(() => secrets.end());

  const describeSecret = (SecretId: string) => secrets.client.send(new DescribeSecretCommand({ SecretId }));
  const faults = (inputs: object) => secrets.api.stack.faults(type.secret, "main", inputs as Record<string, string>).join("\n");

  it("have an ARN that ends in six characters of chance, so that a name used again inherits nothing", async () => {
    const one = await secrets.secret({ recoveryWindowInDays: 0 });
    assert.match(one.id, new RegExp(`^arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:shop/app-[A-Za-z0-9]{6}$`));
    assert.equal(one.outputs["arn"], one.id);
    await secrets.api.stack.delete(one);
    assert.notEqual((await secrets.secret()).id, one.id);
  });

  it("are named by a prefix, or after their resource", async () => {
    const { outputs } = await secrets.api.stack.create(type.secret, "main", { namePrefix: "shop/" });
    assert.match(text(outputs, "name"), /^shop\/[0-9a-f]{26}$/);
    assert.match(text((await secrets.api.stack.create(type.secret, "auto", {})).outputs, "name"), /^auto-[0-9a-f]{7}$/);
  });

  for (const [inputs, fault] of [
    [{ name: "a b" }, /^name: "a b" is not allowed: letters, digits and \/_\+=\.@- are$/],
    [{ name: "x".repeat(513) }, /^name: .*allowed: 1 to 512 characters$/],
    [
      { name: "a", recoveryWindowInDays: 6 },
      /^recoveryWindowInDays: 6 is out of range; allowed: 7 to 30, or 0 to delete at once$/,
    ],
    [{ name: "a", recoveryWindowInDays: 31 }, /^recoveryWindowInDays: 31 is out of range/],
    [{ name: "a", policy: "{" }, /^policy: MalformedPolicyDocument: This policy contains invalid Json/],
  ] as const) {
    it(`are refused before they are made with ${JSON.stringify(inputs).slice(0, 80)}`, () => {
      assert.match(faults(inputs), fault);
    });
  }

  it("are found by ARN, by ARN without its last six characters, and by name", async () => {
    const { id } = await secrets.secret();
    await secrets.version("value");
    for (const SecretId of [id, id.slice(0, -7), "shop/app"]) {
      const { ARN, Name, SecretString } = await secrets.client.send(new GetSecretValueCommand({ SecretId }));
      assert.deepEqual([ARN, Name, SecretString], [id, "shop/app", "value"]);
    }
    const message = "Secrets Manager can't find the specified secret.";
    for (const SecretId of ["shop", "shop/app2", `${id}x`]) {
      await assert.rejects(secrets.read({ SecretId }), { name: "ResourceNotFoundException", message });
    }
    const abroad = new SecretsManagerClient({ ...secrets.api.operator, region: "us-east-1" });
    await assert.rejects(abroad.send(new GetSecretValueCommand({ SecretId: id })), {
      name: "ResourceNotFoundException",
      message,
    });
    await assert.rejects(secrets.read({ SecretId: "" }), {
      name: "ValidationException",
      message: /Value at 'secretId'.*must not be null/,
    });
  });

  it("have a name that is the region's only one", async () => {
    await secrets.secret();
    const words = "The operation failed because the secret shop/app already exists.";
    await refused(secrets.secret({}, "again"), "ResourceExistsException", words);
  });

  it("are described without their values", async () => {
    const { id } = await secrets.secret({ description: "the app's" });
    await secrets.version("value");
    const { $metadata: _metadata, ...shown } = await describeSecret("shop/app");
    const [version] = Object.keys(shown.VersionIdsToStages ?? {});
    assert.deepEqual(shown, {
      ARN: id,
      Name: "shop/app",
      Description: "the app's",
      RotationEnabled: false,
      VersionIdsToStages: { [version ?? ""]: ["AWSCURRENT"] },
    });
  });

  describe("are listed", () => {
    beforeEach(async () => {
      for (const name of ["shop/b", "shop/a", "ops/c"]) await secrets.secret({ name, description: `of ${name}` }, name);
    });
    const list = async (input: ListSecretsCommandInput = {}) => {
      const { SecretList = [], NextToken } = await secrets.client.send(new ListSecretsCommand(input));
      return { names: SecretList.map(({ Name }) => Name), NextToken };
    };

    it("by name, in pages", async () => {
      assert.deepEqual(await list(), { names: ["ops/c", "shop/a", "shop/b"], NextToken: undefined });
      const first = await list({ MaxResults: 2 });
      assert.deepEqual(first.names, ["ops/c", "shop/a"]);
      assert.deepEqual(await list({ MaxResults: 2, NextToken: first.NextToken }), { names: ["shop/b"], NextToken: undefined });
      await assert.rejects(list({ NextToken: "made-up" }), { name: "InvalidNextTokenException" });
      await assert.rejects(list({ MaxResults: 101 }), {
        name: "InvalidParameterException",
        message: "MaxResults must be between 1 and 100.",
      });
    });

    for (const [Filters, names] of [
      [[{ Key: "name", Values: ["shop/"] }], ["shop/a", "shop/b"]],
      [[{ Key: "name", Values: ["SHOP/A", "ops"] }], ["ops/c", "shop/a"]],
      [[{ Key: "name", Values: ["!shop/"] }], ["ops/c"]],
      [
        [
          { Key: "name", Values: ["shop/"] },
          { Key: "description", Values: ["of shop/b"] },
        ],
        ["shop/b"],
      ],
      [[{ Key: "owning-service", Values: ["rds"] }], []],
    ] as [ListSecretsCommandInput["Filters"], string[]][]) {
      it(`as filtered by ${JSON.stringify(Filters)}`, async () => {
        assert.deepEqual((await list({ Filters })).names, names);
      });
    }

    it("but not by a filter that the sandbox does not serve", () =>
      assert.rejects(list({ Filters: [{ Key: "tag-key", Values: ["x"] }] }), {
        name: "InvalidParameterException",
        message: 'The sandbox does not serve the filter "tag-key"; it serves name, description, owning-service.',
      }));
  });

  describe("have a policy", () => {
    const statement = { Action: "secretsmanager:GetSecretValue", Resource: "*", Principal: { AWS: ACCOUNT } };
    const told = async () => (await secrets.client.send(new GetResourcePolicyCommand({ SecretId: "shop/app" }))).ResourcePolicy;
    const beside = (policy: object, inputs: object = {}) =>
      secrets.api.stack.create(type.policy, "main", {
        secretArn: secrets.api.cloud.world.all(type.secret)[0]?.id ?? "",
        policy: policyOf(policy),
        ...inputs,
      });

    it("none, of their own, or from beside, which goes before", async () => {
      const row = await secrets.secret();
      assert.equal(await told(), undefined);
      await secrets.api.stack.update(row, "main", { name: "shop/app", policy: policyOf(statement) });
      assert.equal(await told(), policyOf(statement));
      const other = { ...statement, Effect: "Deny" };
      const made = await beside(other);
      assert.equal(made.id, row.id);
      assert.equal(await told(), policyOf(other));
      await secrets.api.stack.delete(made);
      assert.equal(await told(), policyOf(statement));
    });

    it("that names only who is there", async () => {
      await secrets.secret();
      const ghost = { ...statement, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/ghost` } };
      const words = `This resource policy contains an unsupported principal: "AWS":"arn:aws:iam::${ACCOUNT}:role/ghost"`;
      await refused(beside(ghost), "MalformedPolicyDocumentException", words);
      await refused(
        secrets.secret({ name: "other", policy: policyOf(ghost) }, "other"),
        "MalformedPolicyDocumentException",
        words,
      );
    });

    it("that is not for everybody, where the program said so", async () => {
      await secrets.secret();
      const everybody = { ...statement, Principal: "*" };
      const words = "This resource policy grants broad access to the secret.";
      await refused(beside(everybody, { blockPublicPolicy: true }), "PublicPolicyException", words);
      await beside(
        { ...everybody, Condition: { StringEquals: { "aws:PrincipalAccount": ACCOUNT } } },
        { blockPublicPolicy: true },
      );
    });
  });

  describe("under a customer's key", () => {
    const keyArn = async (inputs = {}) => {
      const key = await secrets.api.stack.create("aws:kms/key:Key", "main", inputs);
      return { key, arn: text(key.outputs, "arn") };
    };

    it("need one that is there", async () => {
      const words = /^Secrets Manager can't encrypt the protected secret text using the provided KMS key\./;
      await refused(secrets.secret({ kmsKeyId: "alias/ghost" }), "EncryptionFailure", words);
      await secrets.secret({ kmsKeyId: "alias/aws/secretsmanager" });
    });

    it("are neither read nor written while it is switched off", async () => {
      const { key, arn } = await keyArn();
      await secrets.secret({ kmsKeyId: arn });
      await secrets.version("value");
      await secrets.api.stack.update(key, "main", { isEnabled: false });
      await assert.rejects(secrets.read(), { name: "DecryptionFailure", message: new RegExp(`${arn} is disabled\\.$`) });
      const write = secrets.client.send(new PutSecretValueCommand({ SecretId: "shop/app", SecretString: "x" }));
      await assert.rejects(write, { name: "EncryptionFailure" });
    });
  });
});
