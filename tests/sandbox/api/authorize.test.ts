import assert from "node:assert/strict";
import { DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Services } from "../../../sandbox/src/api/endpoint.ts";
import type { Resource } from "../../../sandbox/src/core/definition.ts";
import { text } from "../../../sandbox/src/core/values.ts";
import { kmsOperations } from "../../../sandbox/src/services/kms/api.ts";
import { secretsOperations } from "../../../sandbox/src/services/secretsmanager/api.ts";
import { apiCloud, type ApiCloud, type ClientConfig, policyOf } from "../support/api.ts";

const services: Services = { json: { kms: kmsOperations, secretsmanager: secretsOperations }, query: {}, rest: {} };
const READ = "secretsmanager:GetSecretValue";
const ME = "arn:aws:sts::123456789012:assumed-role/app/app";

describe("what IAM allows at the endpoint", () => {
  let api: ApiCloud;
  let secret: Resource;
  beforeEach(async () => {
    api = await apiCloud(services);
    secret = await api.stack.create("aws:secretsmanager/secret:Secret", "app", { name: "shop/app" });
    await version("s3cret");
  });
  afterEach(() => api.end());

  const version = (secretString: string): Promise<Resource> =>
    api.stack.create("aws:secretsmanager/secretVersion:SecretVersion", "app", { secretId: secret.id, secretString });
  const read = async (config: ClientConfig): Promise<string | undefined> => {
    const answer = await new SecretsManagerClient(config).send(new GetSecretValueCommand({ SecretId: secret.id }));
    return answer.SecretString;
  };
  const denied = (message: string) => ({ name: "AccessDeniedException", message });

  it("lets a role read what its policy names", async () => {
    assert.equal(await read(await api.roleWith("app", { Action: READ, Resource: secret.id })), "s3cret");
  });

  it("refuses what no policy allows, naming caller, action and resource", async () => {
    await assert.rejects(
      read(await api.roleWith("app")),
      denied(
        `User: ${ME} is not authorized to perform: ${READ} on resource: ${secret.id} because no identity-based policy allows the ${READ} action`,
      ),
    );
  });

  it("refuses another resource than the one that the policy names", async () => {
    const other = await api.roleWith("app", { Action: READ, Resource: `${secret.id}-other` });
    await assert.rejects(read(other), { name: "AccessDeniedException" });
  });

  it("lets an explicit deny win over every allow", async () => {
    const config = await api.roleWith(
      "app",
      { Action: "*", Resource: "*" },
      { Effect: "Deny", Action: "secretsmanager:Get*", Resource: "*" },
    );
    await assert.rejects(
      read(config),
      denied(
        `User: ${ME} is not authorized to perform: ${READ} on resource: ${secret.id} with an explicit deny in an identity-based policy`,
      ),
    );
  });

  it("lets a resource's own policy allow, and deny", async () => {
    const config = await api.roleWith("app");
    const role = text(api.cloud.world.get("aws:iam/role:Role", "app")?.outputs ?? {}, "arn");
    const own = (effect: string): Promise<Resource> =>
      api.stack.update(secret, "app", {
        name: "shop/app",
        policy: policyOf({ Effect: effect, Action: READ, Resource: "*", Principal: { AWS: role } }),
      });
    await own("Allow");
    assert.equal(await read(config), "s3cret");
    await own("Deny");
    await assert.rejects(read(config), /with an explicit deny in a resource-based policy$/);
  });

  it("bounds a role by its permissions boundary", async () => {
    const boundary = await api.stack.create("aws:iam/policy:Policy", "bound", {
      name: "bound",
      policy: policyOf({ Action: "kms:*", Resource: "*" }),
    });
    const config = await api.roleWith("app", { Action: READ, Resource: "*" });
    const role = api.cloud.world.get("aws:iam/role:Role", "app");
    assert.ok(role !== undefined);
    await api.stack.update(role, "app", { ...role.inputs, permissionsBoundary: boundary.id });
    await assert.rejects(read(config), /because no permissions boundary allows the secretsmanager:GetSecretValue action$/);
  });

  it("grants what a managed policy says, the account's own and AWS's", async () => {
    const own = await api.stack.create("aws:iam/policy:Policy", "read", {
      policy: policyOf({ Action: READ, Resource: secret.id }),
    });
    const config = await api.roleWith("app");
    await assert.rejects(read(config));
    await api.stack.create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "read", { role: "app", policyArn: own.id });
    assert.equal(await read(config), "s3cret");
  });

  it("asks for the customer's key of a secret as well", async () => {
    const key = await api.stack.create("aws:kms/key:Key", "main", {});
    secret = await api.stack.create("aws:secretsmanager/secret:Secret", "kept", { kmsKeyId: text(key.outputs, "arn") });
    await version("sealed");
    const config = await api.roleWith("app", { Action: READ, Resource: secret.id });
    await assert.rejects(read(config), /is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:/);
    const condition = { StringEquals: { "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com" } };
    const both = await api.roleWith(
      "web",
      { Action: READ, Resource: secret.id },
      { Action: "kms:Decrypt", Resource: text(key.outputs, "arn"), Condition: condition },
    );
    assert.equal(await read(both), "sealed");
    await api.stack.delete(key);
    await assert.rejects(read(both), { name: "DecryptionFailure" });
  });

  it("asks a key's own policy: without the account in it, IAM policies alone are not enough", async () => {
    const config = await api.roleWith("app", { Action: "kms:*", Resource: "*" });
    const admin = policyOf({ Action: "kms:Put*", Resource: "*", Principal: { AWS: "123456789012" } });
    const key = await api.stack.create("aws:kms/key:Key", "main", { policy: admin });
    const encrypt = new EncryptCommand({ KeyId: key.id, Plaintext: Buffer.from("x") });
    await assert.rejects(new KMSClient(config).send(encrypt), /because no resource-based policy allows the kms:Encrypt action$/);
  });

  it("hands the encryption context to conditions", async () => {
    const key = await api.stack.create("aws:kms/key:Key", "main", {});
    const { CiphertextBlob } = await new KMSClient(api.operator).send(
      new EncryptCommand({ KeyId: key.id, Plaintext: Buffer.from("x"), EncryptionContext: { shop: "1" } }),
    );
    const only = (shop: string): Promise<ClientConfig> =>
      api.roleWith(`shop${shop}`, {
        Action: "kms:Decrypt",
        Resource: "*",
        Condition: { StringEquals: { "kms:EncryptionContext:shop": shop } },
      });
    const decrypt = new DecryptCommand({ CiphertextBlob, EncryptionContext: { shop: "1" } });
    await assert.rejects(new KMSClient(await only("2")).send(decrypt), { name: "AccessDeniedException" });
    const { Plaintext } = await new KMSClient(await only("1")).send(decrypt);
    assert.equal(Buffer.from(Plaintext ?? []).toString(), "x");
  });
});
