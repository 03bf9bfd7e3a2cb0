import assert from "node:assert/strict";
import type { DatabaseAddress } from "../../../../../apps/shop/src/platform/config.ts";
import { connectionTo } from "../../../../../apps/shop/src/platform/database/connection.ts";

const ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-db-AbCdEf";
const ENDPOINT: DatabaseAddress = {
  kind: "endpoint",
  host: "db.example.com",
  port: 5432,
  name: "shop",
  secretArn: ARN,
  ca: undefined,
};

describe("the way to the database", () => {
  it("is an address as it was given, whose password is kept out of the log", async () => {
    const concealed: string[] = [];
    const connection = connectionTo({ kind: "url", url: "postgres://shop:p%40ss@db/shop" }, undefined, (secret) =>
      concealed.push(secret),
    );
    assert.deepEqual(await connection(), { connectionString: "postgres://shop:p%40ss@db/shop" });
    assert.deepEqual(concealed, ["p@ss"]);
  });

  it("is an endpoint over checked TLS, with the secret as it is at that moment", async () => {
    const concealed: string[] = [];
    let password = "one";
    const secrets = { read: () => Promise.resolve(JSON.stringify({ username: "master", password, engine: "postgres" })) };
    const connection = connectionTo(ENDPOINT, secrets, (secret) => concealed.push(secret));
    assert.deepEqual(await connection(), {
      host: "db.example.com",
      port: 5432,
      database: "shop",
      user: "master",
      password: "one",
      ssl: { rejectUnauthorized: true, minVersion: "TLSv1.2" },
    });
    password = "two";
    assert.equal((await connection()).password, "two");
    assert.deepEqual(concealed, ["one", "two"]);
  });

  it("trusts the authorities of a file instead of the system's", async () => {
    const secrets = { read: () => Promise.resolve('{"username":"a","password":"b"}') };
    const { ssl } = await connectionTo({ ...ENDPOINT, ca: "PEM" }, secrets, () => undefined)();
    assert.deepEqual(ssl, { rejectUnauthorized: true, minVersion: "TLSv1.2", ca: "PEM" });
  });

  for (const text of [
    "hunter2",
    "",
    "[1]",
    "null",
    '{"username":"master"}',
    '{"username":"","password":"hunter2"}',
    '{"username":1,"password":"hunter2"}',
  ])
    it(`is not made of the secret ${text === "hunter2" ? "that is no JSON" : JSON.stringify(text)}, which the error does not repeat`, async () => {
      const connection = connectionTo(ENDPOINT, { read: () => Promise.resolve(text) }, () => undefined);
      await assert.rejects(connection(), {
        message: `the secret ${ARN} must be JSON with the strings "username" and "password"`,
      });
    });
});
