import assert from "node:assert/strict";
import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Services } from "../../../../sandbox/src/api/endpoint.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { secretsOperations } from "../../../../sandbox/src/services/secretsmanager/api.ts";
import { stsApi } from "../../../../sandbox/src/services/sts/api.ts";
import { apiCloud, type ApiCloud, type ClientConfig, policyOf } from "../../support/api.ts";

const services: Services = { json: { secretsmanager: secretsOperations }, query: { sts: stsApi }, rest: {} };
const ACCOUNT = "123456789012";
const TARGET = `arn:aws:iam::${ACCOUNT}:role/target`;
const APP = `arn:aws:iam::${ACCOUNT}:role/app`;
const READ = "secretsmanager:GetSecretValue";
const HOUR = 60 * 60 * 1000;

describe("AssumeRole", () => {
  let api: ApiCloud;
  let secret: Resource;
  beforeEach(async () => {
    api = await apiCloud(services);
    secret = await api.stack.create("aws:secretsmanager/secret:Secret", "app", { name: "shop/app" });
    await api.stack.create("aws:secretsmanager/secretVersion:SecretVersion", "app", {
      secretId: secret.id,
      secretString: "s3cret",
    });
  });
  afterEach(() => api.end());

  /** The role to take on: it may read the secret, and trusts the account, or whom the statement says. */
  async function target(
    trust: object = { Principal: { AWS: ACCOUNT } },
    more: Record<string, number | string> = {},
  ): Promise<void> {
    const assumeRolePolicy = policyOf({ Action: "sts:AssumeRole", ...trust });
    await api.stack.create("aws:iam/role:Role", "target", { name: "target", assumeRolePolicy, ...more });
    const policy = policyOf({ Action: READ, Resource: "*" });
    await api.stack.create("aws:iam/rolePolicy:RolePolicy", "target", { name: "own", role: "target", policy });
  }
  const assume = (config: ClientConfig, input: Partial<AssumeRoleCommandInput> = {}) =>
    new STSClient(config).send(new AssumeRoleCommand({ RoleArn: TARGET, RoleSessionName: "anna", ...input }));
  async function session(config: ClientConfig, input: Partial<AssumeRoleCommandInput> = {}): Promise<ClientConfig> {
    const { Credentials } = await assume(config, input);
    assert.ok(Credentials);
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials;
    return api.as({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
  }
  const read = async (config: ClientConfig) =>
    (await new SecretsManagerClient(config).send(new GetSecretValueCommand({ SecretId: secret.id }))).SecretString;

  it("gives credentials of the role, under the name of the session", async () => {
    await target();
    const { AssumedRoleUser, Credentials } = await assume(api.operator);
    assert.equal(AssumedRoleUser?.Arn, `arn:aws:sts::${ACCOUNT}:assumed-role/target/anna`);
    assert.match(AssumedRoleUser.AssumedRoleId ?? "", /^AROA[A-Z2-7]{17}:anna$/);
    assert.match(Credentials?.AccessKeyId ?? "", /^ASIA[A-Z2-7]{16}$/);
    const config = await session(api.operator);
    const who = await new STSClient(config).send(new GetCallerIdentityCommand({}));
    assert.deepEqual([who.Arn, who.Account, who.UserId], [AssumedRoleUser.Arn, ACCOUNT, AssumedRoleUser.AssumedRoleId]);
    assert.equal(await read(config), "s3cret");
  });

  it("lasts an hour, or as long as the caller says and the role allows", async () => {
    await target(undefined, { maxSessionDuration: 7200 });
    const lasts = async (input: Partial<AssumeRoleCommandInput>) =>
      Math.round(((await assume(api.operator, input)).Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / 1000;
    assert.ok(Math.abs((await lasts({})) - 3600) < 60);
    assert.ok(Math.abs((await lasts({ DurationSeconds: 900 })) - 900) < 60);
    assert.ok(Math.abs((await lasts({ DurationSeconds: 7200 })) - 7200) < 60);
    const message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    await assert.rejects(assume(api.operator, { DurationSeconds: 7201 }), { name: "ValidationError", message });
    await assert.rejects(assume(api.operator, { DurationSeconds: 899 }), {
      name: "ValidationError",
      message: /greater than or equal to 900$/,
    });
  });

  it("is over when its time is", async () => {
    await target();
    const config = await session(api.operator);
    api.cloud.pass(HOUR + 1000);
    await assert.rejects(read({ ...config, ...{ systemClockOffset: HOUR + 1000 } }), { name: "ExpiredTokenException" });
  });

  describe("asks the role's trust policy:", () => {
    const refusal = (who: string) => ({
      name: "AccessDenied",
      message: new RegExp(`^User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${TARGET} `),
    });

    it("the account in it leaves it to the caller's own policy", async () => {
      await target();
      const allowed = await api.roleWith("app", { Action: "sts:AssumeRole", Resource: TARGET });
      assert.equal(await read(await session(allowed)), "s3cret");
      const not = await api.roleWith("web");
      await assert.rejects(assume(not), refusal(`arn:aws:sts::${ACCOUNT}:assumed-role/web/web`));
    });

    it("a role that it names needs no policy of its own", async () => {
      const app = await api.roleWith("app");
      await target({ Principal: { AWS: APP } });
      assert.equal(await read(await session(app)), "s3cret");
      await assert.rejects(assume(api.operator), refusal(`arn:aws:iam::${ACCOUNT}:user/operator`));
    });

    it("a service in it lets no caller in", async () => {
      await target({ Principal: { Service: "ec2.amazonaws.com" } });
      await assert.rejects(assume(api.operator), refusal(`arn:aws:iam::${ACCOUNT}:user/operator`));
    });

    it("an external id in it must be said", async () => {
      await target({ Principal: { AWS: ACCOUNT }, Condition: { StringEquals: { "sts:ExternalId": "partner-7" } } });
      await assert.rejects(assume(api.operator), { name: "AccessDenied" });
      await assert.rejects(assume(api.operator, { ExternalId: "partner-8" }), { name: "AccessDenied" });
      await assume(api.operator, { ExternalId: "partner-7" });
    });

    it("a role that is not there is not told from one that lets nobody in", async () => {
      await assert.rejects(assume(api.operator), refusal(`arn:aws:iam::${ACCOUNT}:user/operator`));
    });
  });

  it("from role to role lasts an hour at most", async () => {
    const app = await api.roleWith("app", { Action: "sts:AssumeRole", Resource: TARGET });
    await target(undefined, { maxSessionDuration: 7200 });
    const message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining";
    await assert.rejects(assume(app, { DurationSeconds: 3601 }), { name: "ValidationError", message });
  });

  describe("with a session policy", () => {
    const only = (Action: string, more: object = {}) => policyOf({ Action, Resource: "*", ...more });

    it("gives what both the role and the session policy allow", async () => {
      await target();
      assert.equal(await read(await session(api.operator, { Policy: only("secretsmanager:*") })), "s3cret");
      const words = new RegExp(`because no session policy allows the ${READ} action$`);
      await assert.rejects(read(await session(api.operator, { Policy: only("s3:*") })), {
        name: "AccessDeniedException",
        message: words,
      });
      const denying = policyOf({ Action: "*", Resource: "*" }, { Effect: "Deny", Action: READ, Resource: "*" });
      await assert.rejects(read(await session(api.operator, { Policy: denying })), {
        message: /with an explicit deny in a session policy$/,
      });
    });

    it("gives no more than the role has", async () => {
      await target();
      const role = api.cloud.world.get("aws:iam/rolePolicy:RolePolicy", "target:own");
      assert.ok(role);
      await api.stack.delete(role);
      await assert.rejects(read(await session(api.operator, { Policy: only("*") })), {
        message: /because no identity-based policy allows/,
      });
    });

    it("may be a managed one", async () => {
      await target();
      const { id } = await api.stack.create("aws:iam/policy:Policy", "none", { name: "none", policy: only("s3:*") });
      await assert.rejects(read(await session(api.operator, { PolicyArns: [{ arn: id }] })), {
        message: /no session policy allows/,
      });
      const both = await session(api.operator, { Policy: only(READ), PolicyArns: [{ arn: id }] });
      assert.equal(await read(both), "s3cret");
      const ghost = { PolicyArns: [{ arn: `arn:aws:iam::${ACCOUNT}:policy/ghost` }] };
      await assert.rejects(assume(api.operator, ghost), { name: "ValidationError", message: /policy\/ghost does not exist/ });
    });

    it("does not hold back what a resource gives to the very session, and does what it gives to the role", async () => {
      await target();
      const give = (arn: string) =>
        api.stack.update(secret, "app", {
          name: "shop/app",
          policy: policyOf({ Action: READ, Resource: "*", Principal: { AWS: arn } }),
        });
      const config = await session(api.operator, { Policy: only("s3:*") });
      await give(TARGET);
      await assert.rejects(read(config), { message: /no session policy allows/ });
      await give(`arn:aws:sts::${ACCOUNT}:assumed-role/target/anna`);
      assert.equal(await read(config), "s3cret");
    });

    for (const [policy, name, message] of [
      ["{", "MalformedPolicyDocument", /invalid Json/],
      [only("s3:Fetch"), "MalformedPolicyDocument", /has no such action/],
      [only("s3:*", { Resource: `arn:aws:s3:::${"x".repeat(2048)}` }), "ValidationError", /length less than or equal to 2048$/],
    ] as const) {
      it(`is refused where it is ${policy.slice(0, 40)}`, async () => {
        await target();
        await assert.rejects(assume(api.operator, { Policy: policy }), { message });
        await assert.rejects(assume(api.operator, { Policy: policy }), (error: Error) => error.name.startsWith(name));
      });
    }
  });

  it("does not mix what a person took on with what the workload of the role has", async () => {
    const app = await api.roleWith("app", { Action: READ, Resource: "*" });
    await api.stack.update(api.cloud.world.all("aws:iam/role:Role")[0] as Resource, "app", {
      name: "app",
      assumeRolePolicy: policyOf(
        { Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } },
        { Action: "sts:AssumeRole", Principal: { AWS: ACCOUNT } },
      ),
    });
    await assume(api.operator, { RoleArn: APP, Policy: policyOf({ Action: "s3:*", Resource: "*" }) });
    const { url, token } = api.cloud.workloadCredentials(APP);
    const document = (await (await fetch(url, { headers: { authorization: token } })).json()) as Record<string, string>;
    assert.equal(document["AccessKeyId"], app.credentials.accessKeyId);
  });

  it("is taken back with its role, and by a policy that denies what was issued before a moment", async () => {
    await target();
    const config = await session(api.operator);
    const revoke = policyOf(
      { Action: READ, Resource: "*" },
      {
        Effect: "Deny",
        Action: "*",
        Resource: "*",
        Condition: { DateLessThan: { "aws:TokenIssueTime": new Date(Date.now() + 1000).toISOString() } },
      },
    );
    const policy = api.cloud.world.get("aws:iam/rolePolicy:RolePolicy", "target:own");
    assert.ok(policy);
    await api.stack.update(policy, "target", { name: "own", role: "target", policy: revoke });
    await assert.rejects(read(config), { message: /with an explicit deny in an identity-based policy$/ });
    api.cloud.pass(2000);
    assert.equal(await read(await session(api.operator)), "s3cret");
    await api.stack.delete({ ...policy });
    const role = api.cloud.world.get("aws:iam/role:Role", "target");
    assert.ok(role);
    await api.stack.delete(role);
    await assert.rejects(read(config), { name: "UnrecognizedClientException" });
  });

  for (const [input, message] of [
    [{ RoleSessionName: "a" }, /'roleSessionName' failed to satisfy constraint/],
    [{ RoleSessionName: "with space" }, /'roleSessionName' failed to satisfy constraint/],
    [{ Tags: [{ Key: "team", Value: "a" }] }, /does not serve the parameter Tags\.member\.1\.\w+ of AssumeRole/],
    [{ SerialNumber: "arn:aws:iam::123456789012:mfa/anna", TokenCode: "123456" }, /does not serve the parameter SerialNumber/],
  ] as const) {
    it(`refuses ${JSON.stringify(input)}`, async () => {
      await target();
      await assert.rejects(assume(api.operator, input as unknown as Partial<AssumeRoleCommandInput>), {
        name: "ValidationError",
        message,
      });
    });
  }
});
