import assert from "node:assert/strict";
import {
  DescribeSecretCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { SecretsFixture, type } from "./support.ts";

describe("secrets that are deleted", () => {
  let secrets: SecretsFixture;
  beforeEach(async () => (secrets = await SecretsFixture.start()));
  afterEach(() => secrets.end());

  const describeSecret = (SecretId: string) => secrets.client.send(new DescribeSecretCommand({ SecretId }));
  const restore = (SecretId: string) => secrets.client.send(new RestoreSecretCommand({ SecretId }));
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
