import assert from "node:assert/strict";
import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Postgres } from "../../../../apps/shop/dev/postgres.ts";
import { CertificateAuthority } from "../../../../sandbox/src/plane/certificate-authority.ts";
import { migrateAll, ownPostgres, query } from "../support/postgres.ts";
import { ShopProcess } from "../support/process.ts";
import { SecretsManager } from "../support/secrets-manager.ts";
import { until } from "../support/until.ts";

const DATABASE_SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!cluster-1-AbCdEf";
const APP_SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-app-AbCdEf";
const SECRET_TEXT = "the-secret-of-the-shop-0123456789abcdef";

describe("the shop in the environment of a server on AWS", function () {
  this.timeout(60_000);
  const secretsManager = new SecretsManager();
  let folder: string;
  let postgres: Postgres;
  let admin: string;
  let environment: Record<string, string>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "shop-tls-"));
    chmodSync(folder, 0o755);
    const authority = new CertificateAuthority(folder);
    const issued = await authority.issue(["localhost"]);
    // PostgreSQL takes a key only from a file of its own account that nobody else can read.
    const [cert, key] = [join(folder, "server.crt"), join(folder, "server.key")];
    copyFileSync(issued.certFile, cert);
    copyFileSync(issued.keyFile, key);
    chmodSync(key, 0o600);
    if (process.getuid?.() === 0) for (const file of [cert, key]) chownSync(file, 65_534, 65_534);
    postgres = await ownPostgres({ parameters: { ssl: "on", ssl_cert_file: cert, ssl_key_file: key } });
    await query(postgres.url("postgres"), "CREATE DATABASE shop");
    admin = postgres.url("shop");
    await migrateAll(admin);
    await query(admin, "CREATE ROLE master LOGIN SUPERUSER PASSWORD 'first-password'");
    environment = {
      PORT: "0",
      HOST: "127.0.0.1",
      ...(await secretsManager.open()),
      NODE_EXTRA_CA_CERTS: authority.caFile(),
      DATABASE_ENDPOINT: `localhost:${postgres.port}`,
      DATABASE_NAME: "shop",
      DATABASE_SECRET_ARN: DATABASE_SECRET,
      APP_SECRET_ARN: APP_SECRET,
      OBJECTS_BUCKET: "shop-objects-1a2b3c",
    };
  });
  after(async () => {
    secretsManager.close();
    await postgres.stop("kill");
    rmSync(folder, { recursive: true, force: true });
  });

  const login = (password: string): string => JSON.stringify({ username: "master", password });

  it("waits for its secrets, connects over TLS, and takes a new password when the old one is refused", async () => {
    const shop = new ShopProcess(environment);
    const base = await shop.url();
    await shop.line("waiting");
    assert.deepEqual(await (await fetch(`${base}/readyz`)).json(), {
      status: "not ready",
      reason: "the app secret has not been read",
    });
    secretsManager.secrets.set(APP_SECRET, SECRET_TEXT).set(DATABASE_SECRET, login("first-password"));
    await shop.ready();
    const [session] = await query(
      admin,
      "SELECT bool_and(ssl) AS ssl, bool_and(version IN ('TLSv1.2', 'TLSv1.3')) AS version FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'master'",
    );
    assert.deepEqual(session, { ssl: true, version: true });

    await query(admin, "ALTER ROLE master PASSWORD 'second-password'");
    secretsManager.secrets.set(DATABASE_SECRET, login("second-password"));
    await query(admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'master'");
    assert.equal((await fetch(`${base}/api/products`)).status, 200);
    assert.ok(shop.lines().some(({ event }) => event === "database-password-refused"));

    const { code, stdout, stderr } = await shop.end();
    assert.deepEqual([code, stderr], [0, ""]);
    for (const secret of [SECRET_TEXT, "first-password", "second-password", "example-key"])
      assert.ok(!stdout.includes(secret), secret);
    assert.deepEqual([...new Set(secretsManager.asked)].toSorted(), [DATABASE_SECRET, APP_SECRET].toSorted());
  });

  it("fails no request while the password is changed under load, whichever of the two places knows it first", async () => {
    secretsManager.secrets.set(APP_SECRET, SECRET_TEXT).set(DATABASE_SECRET, login("second-password"));
    const shop = new ShopProcess({ ...environment, CACHE_SECONDS: "0" });
    const base = await shop.ready();
    const statuses: number[] = [];
    let out = false;
    const clients = Array.from({ length: 4 }, async () => {
      while (!out) statuses.push((await fetch(`${base}/api/products/oat-mug`)).status);
    });
    const answered = async (more: number): Promise<void> => {
      const before = statuses.length;
      await until(() => statuses.length >= before + more);
    };
    const refusals = (): number => shop.lines().filter(({ event }) => event === "database-password-refused").length;
    const cut = (): Promise<unknown> =>
      query(admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'master'");
    await answered(20);
    await query(admin, "ALTER ROLE master PASSWORD 'third-password'");
    await cut();
    await until(() => refusals() >= 1);
    secretsManager.secrets.set(DATABASE_SECRET, login("third-password"));
    await answered(20);
    const before = refusals();
    secretsManager.secrets.set(DATABASE_SECRET, login("fourth-password"));
    await query(admin, "ALTER ROLE master PASSWORD 'fourth-password'");
    await cut();
    await until(() => refusals() > before);
    await answered(20);
    out = true;
    await Promise.all(clients);
    assert.deepEqual([...new Set(statuses)], [200]);
    assert.equal((await shop.end()).code, 0);
  });

  it("does not talk to a database whose certificate nobody vouches for", async () => {
    const { NODE_EXTRA_CA_CERTS: _, ...without } = environment;
    const shop = new ShopProcess({ ...without, DATABASE_WAIT_SECONDS: "1" });
    const { code } = await shop.ended;
    assert.equal(code, 69);
    assert.match(
      String(shop.lines().find(({ event }) => event === "error")?.["message"]),
      /^gave up after 1 s: the database cannot be reached: unable to (verify the first certificate|get local issuer certificate)/,
    );
  });

  it("says what is wrong with a secret without saying the secret", async () => {
    secretsManager.secrets.set(DATABASE_SECRET, "first-password");
    const shop = new ShopProcess({ ...environment, DATABASE_WAIT_SECONDS: "1" });
    const { code, stdout } = await shop.ended;
    assert.equal(code, 69);
    assert.equal(
      shop.lines().find(({ event }) => event === "error")?.["message"],
      `gave up after 1 s: the database cannot be reached: the secret ${DATABASE_SECRET} must be JSON with the strings "username" and "password"`,
    );
    assert.ok(!stdout.includes("first-password"));
  });

  it("names the secret that it cannot have", async () => {
    secretsManager.secrets.delete(APP_SECRET);
    const shop = new ShopProcess({ ...environment, DATABASE_WAIT_SECONDS: "1" });
    assert.equal((await shop.ended).code, 69);
    assert.equal(
      shop.lines().find(({ event }) => event === "error")?.["message"],
      `gave up after 1 s: the app secret has not been read: reading the secret ${APP_SECRET} failed: Secrets Manager can't find the specified secret.`,
    );
  });
});
