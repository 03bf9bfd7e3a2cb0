import assert from "node:assert/strict";
import {
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  type ListSecretsCommandInput,
  PutSecretValueCommand,
  RestoreSecretCommand,
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
  const restore = (SecretId: string) => secrets.client.send(new RestoreSecretCommand({ SecretId }));
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

  describe("that are deleted", () => {
    const gone = async (inputs = {}) => {
      const row = await secrets.secret(inputs);
      await secrets.version("value");
      await secrets.api.stack.delete(row);
      return row;
    };
    const marked = "You can't perform this operation on the secret because it was marked for deletion.";

    it("wait for thirty days: nothing can be done with them but to describe and restore them", async () => {
      const { id } = await gone();
      await assert.rejects(secrets.read(), { name: "InvalidRequestException", message: marked });
      await assert.rejects(secrets.client.send(new PutSecretValueCommand({ SecretId: id, SecretString: "x" })), {
        message: marked,
      });
      const { ARN, DeletedDate } = await describeSecret("shop/app");
      assert.equal(ARN, id);
      assert.ok(DeletedDate instanceof Date);
      assert.deepEqual((await secrets.client.send(new ListSecretsCommand({}))).SecretList, []);
    });

    it("keep their name for themselves", async () => {
      await gone();
      const words = "You can't create this secret because a secret with this name is already scheduled for deletion.";
      await refused(secrets.secret({}, "again"), "InvalidRequestException", words);
    });

    it("come back with their values, ready to be imported", async () => {
      const { id } = await gone();
      secrets.pass(29);
      assert.deepEqual((({ ARN, Name }) => [ARN, Name])(await restore("shop/app")), [id, "shop/app"]);
      assert.equal(await secrets.read(), "value");
      const imported = await secrets.api.stack.engine.read(type.secret, id, REGION);
      assert.equal(imported?.inputs["name"], "shop/app");
      assert.equal((await restore("shop/app")).ARN, id);
    });

    for (const [inputs, days] of [
      [{}, 30],
      [{ recoveryWindowInDays: 7 }, 7],
    ] as const) {
      it(`are gone for good after ${days} days with ${JSON.stringify(inputs)}, and their name is free`, async () => {
        const { id } = await gone(inputs);
        secrets.pass(days - 1);
        assert.equal((await describeSecret("shop/app")).ARN, id);
        secrets.pass(1);
        await assert.rejects(restore("shop/app"), { name: "ResourceNotFoundException" });
        assert.equal(secrets.api.cloud.world.space("secretsmanager").get(id), undefined);
        await secrets.secret({}, "again");
      });
    }

    it("are gone at once with a window of none", async () => {
      const { id } = await gone({ recoveryWindowInDays: 0 });
      await assert.rejects(describeSecret(id), { name: "ResourceNotFoundException" });
      await secrets.secret({}, "again");
    });

    it("are restored by who may", async () => {
      const { id } = await gone();
      const client = new SecretsManagerClient(
        await secrets.api.roleWith("app", { Action: "secretsmanager:GetSecretValue", Resource: "*" }),
      );
      const words = `is not authorized to perform: secretsmanager:RestoreSecret on resource: ${id} because no identity-based policy allows`;
      await assert.rejects(client.send(new RestoreSecretCommand({ SecretId: "shop/app" })), (error: Error) =>
        error.message.includes(words),
      );
    });
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

describe("the value of a secret", () => {
  const VALUE = "pa55-w0rd-of-the-shop";
  let secrets: SecretsFixture;
  beforeEach(async () => (secrets = await SecretsFixture.start()));
  afterEach(() => secrets.end());

  /** Every place of a JSON value where the text stands, as a path. */
  function placesOf(value: unknown, text: string, path = ""): string[] {
    if (typeof value === "string") return value.includes(text) ? [path] : [];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, inner]) => placesOf(inner, text, `${path}.${name}`));
  }

  it("stands in no output that the provider package does not keep secret", async () => {
    const row = await secrets.secret();
    const rows = [row, await secrets.version(VALUE), await secrets.secret({ name: "wo" }, "wo")];
    rows.push(
      await secrets.api.stack.create(type.version, "wo", { secretId: "wo", secretStringWo: VALUE, secretStringWoVersion: 1 }),
    );
    const bytes = Buffer.from(VALUE).toString("base64");
    rows.push(await secrets.api.stack.create(type.version, "bytes", { secretId: "wo", secretBinary: bytes }));
    // additionalSecretOutputs of @pulumi/aws, secretsmanager.SecretVersion
    const secret = [".secretString", ".secretStringWo", ".secretBinary"];
    for (const { outputs } of rows) {
      for (const place of [...placesOf(outputs, VALUE), ...placesOf(outputs, bytes)]) assert.ok(secret.includes(place), place);
    }
    assert.deepEqual(placesOf(row.outputs, VALUE), []);
  });

  it("is in no note, log, refusal or description", async () => {
    await secrets.secret();
    await secrets.version(VALUE);
    const told: string[] = [];
    const works = [
      () =>
        secrets.client.send(
          new PutSecretValueCommand({ SecretId: "shop/app", SecretString: VALUE, SecretBinary: Buffer.from(VALUE) }),
        ),
      () => secrets.client.send(new PutSecretValueCommand({ SecretId: "ghost", SecretString: VALUE })),
      () => secrets.client.send(new PutSecretValueCommand({ SecretId: "shop/app", SecretString: VALUE.repeat(5000) })),
      () => secrets.version(VALUE, { secretId: "ghost" }, "ghost"),
      () => secrets.version(VALUE.repeat(5000), {}, "long"),
      () => secrets.version(VALUE, { secretBinary: VALUE }, "both"),
    ];
    for (const work of works) await assert.rejects(work(), (error: Error) => told.push(JSON.stringify(error), error.message) > 0);
    told.push(JSON.stringify(await secrets.client.send(new DescribeSecretCommand({ SecretId: "shop/app" }))));
    told.push(JSON.stringify(await secrets.client.send(new ListSecretsCommand({}))));
    told.push(...secrets.api.cloud.notes, ...secrets.api.cloud.logs.map(({ line }) => line));
    assert.equal(told.length, 14);
    assert.deepEqual(
      told.filter((line) => line.includes(VALUE)),
      [],
    );
  });
});
