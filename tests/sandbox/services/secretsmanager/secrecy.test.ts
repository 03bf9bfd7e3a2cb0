import assert from "node:assert/strict";
import { DescribeSecretCommand, ListSecretsCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { SecretsFixture, type } from "./support.ts";

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
