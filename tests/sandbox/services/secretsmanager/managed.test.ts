import assert from "node:assert/strict";
import { PutSecretValueCommand, RotateSecretCommand, UpdateSecretVersionStageCommand } from "@aws-sdk/client-secrets-manager";
import {
  createManagedSecret,
  deleteManagedSecret,
  secretValue,
} from "../../../../sandbox/src/services/secretsmanager/managed.ts";
import { putVersion } from "../../../../sandbox/src/services/secretsmanager/store.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { SecretsFixture, type } from "./support.ts";

describe("the versions of a secret that a service manages", () => {
  let secrets: SecretsFixture;
  beforeEach(async () => {
    secrets = await SecretsFixture.start();
    await secrets.secret();
  });
  afterEach(() => secrets.end());

  const words = "The secret is managed by another service (rds), and you must use that service to update it.";
  let arn: string;
  beforeEach(() => {
    arn = createManagedSecret(secrets.api.cloud, {
      name: "rds!cluster-1",
      description: "the master password",
      value: "first",
      region: REGION,
      owningService: "rds",
    }).arn;
  });

  it("are read like all others, and changed by their owner alone", async () => {
    assert.equal(await secrets.read({ SecretId: arn }), "first");
    putVersion(secrets.api.cloud, arn, { string: "second" });
    assert.equal(secretValue(secrets.api.cloud, arn), "second");
    const [current] = secrets.api.cloud.world.space<{ id: string }[]>("secretsmanager").get(arn) ?? [];
    for (const work of [
      () => secrets.client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: "mine" })),
      () =>
        secrets.client.send(
          new UpdateSecretVersionStageCommand({ SecretId: arn, VersionStage: "mine", MoveToVersionId: current?.id ?? "" }),
        ),
    ]) {
      await assert.rejects(work(), { name: "InvalidRequestException", message: words });
    }
    await refused(secrets.version("mine", { secretId: arn }), "InvalidRequestException", words);
    assert.equal(await secrets.read({ SecretId: arn }), "second");
  });

  it("stay when a program imports the secret: it can neither change nor delete it", async () => {
    const imported = await secrets.api.stack.engine.read(type.secret, arn, REGION);
    assert.ok(imported);
    const urn = `urn:pulumi:sandbox::platform::${type.secret}::main`;
    const inputs = { ...imported.inputs, description: "mine" };
    await refused(secrets.api.stack.engine.update({ urn, region: REGION, inputs }, arn), "InvalidRequestException", words);
    await refused(secrets.api.stack.delete(imported), "InvalidRequestException", words);
    assert.equal(await secrets.read({ SecretId: arn }), "first");
  });

  it("cannot be rotated here; where they can is said", async () => {
    const rotate = (SecretId: string) => secrets.client.send(new RotateSecretCommand({ SecretId }));
    await assert.rejects(rotate(arn), {
      message: /it is managed by rds; change it there \(for a database: rotateMasterUserPassword\)\.$/,
    });
    await assert.rejects(rotate("shop/app"), {
      name: "InvalidRequestException",
      message: /rotation runs a Lambda function, and the sandbox runs none\. Use PutSecretValue\.$/,
    });
  });

  it("go at once with what they belong to, and their name is free", () => {
    deleteManagedSecret(secrets.api.cloud, arn);
    assert.throws(() => secretValue(secrets.api.cloud, arn), { code: "ResourceNotFoundException" });
    createManagedSecret(secrets.api.cloud, {
      name: "rds!cluster-1",
      description: "",
      value: "x",
      region: REGION,
      owningService: "rds",
    });
    const again = { name: "rds!cluster-1", description: "", value: "x", region: REGION, owningService: "rds" };
    const words = "The operation failed because the secret rds!cluster-1 already exists.";
    assert.throws(() => createManagedSecret(secrets.api.cloud, again), { code: "ResourceExistsException", message: words });
  });
});
