import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, configHelp, loadConfig } from "../../../../apps/shop/src/platform/config.ts";
import { table } from "../../../../apps/shop/src/platform/settings-table.ts";

/** As a server of the platform gives it. */
const ON_AWS = {
  PORT: "8080",
  HOST: "127.0.0.1",
  NODE_EXTRA_CA_CERTS: "/etc/platform/rds-ca.pem",
  ROLE: "web",
  SERVICES: "all",
  LOG_LEVEL: "info",
  AWS_REGION: "eu-central-1",
  DATABASE_ENDPOINT: "shop-db.cluster-c1x2.eu-central-1.rds.amazonaws.com:5432",
  DATABASE_NAME: "shop",
  DATABASE_SECRET_ARN: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!cluster-1a2b-AbCdEf",
  OBJECTS_BUCKET: "shop-objects-1a2b3c",
  APP_SECRET_ARN: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-app-AbCdEf",
};
const QUEUE = "https://sqs.eu-central-1.amazonaws.com/111122223333/shop-jobs";
const LOCAL = { DATABASE_URL: "postgres://shop:pass@127.0.0.1:5432/shop", APP_SECRET: "x".repeat(32) };

/** Every fault of an environment. */
function faults(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults;
  }
  return [];
}

describe("the shop's configuration", () => {
  it("is what a server of the platform gives", () => {
    assert.deepEqual(loadConfig(ON_AWS), {
      port: 8080,
      host: "127.0.0.1",
      role: "web",
      jobsAtOnce: 2,
      mail: { kind: "mailbox" },
      migrations: true,
      publicUrl: "http://localhost:8080",
      logLevel: "info",
      trustedProxies: ["loopback"],
      drainSeconds: 0,
      mostRequests: 200,
      chaosToken: undefined,
      database: {
        kind: "endpoint",
        host: "shop-db.cluster-c1x2.eu-central-1.rds.amazonaws.com",
        port: 5432,
        name: "shop",
        secretArn: ON_AWS.DATABASE_SECRET_ARN,
        ca: undefined,
      },
      databaseReader: undefined,
      databasePool: 10,
      databaseWaitSeconds: 120,
      cache: { seconds: 10, shared: undefined },
      jobsQueueUrl: undefined,
      tracesEndpoint: undefined,
      objectsBucket: "shop-objects-1a2b3c",
      appSecret: { arn: ON_AWS.APP_SECRET_ARN },
      region: "eu-central-1",
    });
  });

  it("needs two variables on one's own machine", () => {
    const { database, appSecret, host, region } = loadConfig(LOCAL);
    assert.deepEqual(database, { kind: "url", url: LOCAL.DATABASE_URL });
    assert.deepEqual(appSecret, { value: LOCAL.APP_SECRET });
    assert.equal(host, "0.0.0.0");
    assert.equal(region, undefined);
  });

  it("takes an empty variable for one that is not set", () => {
    assert.deepEqual(loadConfig({ ...LOCAL, PORT: "", ROLE: "", APP_SECRET_ARN: "" }), loadConfig(LOCAL));
  });

  it("names everything that is missing at once", () => {
    assert.deepEqual(faults({}), [
      "DATABASE_ENDPOINT: given nothing; needed is the database; set it to host:port, or DATABASE_URL for local use.",
      "APP_SECRET_ARN: given nothing; needed to sign sessions; set it to a secret's ARN, or APP_SECRET to at least 32 random characters.",
    ]);
    assert.deepEqual(faults({ DATABASE_ENDPOINT: "db:5432", APP_SECRET: LOCAL.APP_SECRET }), [
      "DATABASE_SECRET_ARN: given nothing; needed with DATABASE_ENDPOINT; set it to the ARN of the secret with username and password.",
      "AWS_REGION: given nothing; needed to read secrets; set it to the region they are in, such as eu-central-1.",
    ]);
  });

  it("reads from replicas with the same name, secret and authorities as the writer", () => {
    const { database, databaseReader } = loadConfig({ ...ON_AWS, DATABASE_READER_ENDPOINT: "shop-db.cluster-ro-c1x2:5433" });
    assert.deepEqual(databaseReader, { ...database, host: "shop-db.cluster-ro-c1x2", port: 5433 });
    const url = "postgres://shop:pass@127.0.0.1:5433/shop";
    assert.deepEqual(loadConfig({ ...LOCAL, DATABASE_READER_URL: url }).databaseReader, { kind: "url", url });
    assert.deepEqual(faults({ ...LOCAL, DATABASE_READER_ENDPOINT: "replica:5432" }), [
      "DATABASE_READER_ENDPOINT: given without DATABASE_ENDPOINT; allowed is with it, for nothing is written to a replica; set DATABASE_ENDPOINT or remove DATABASE_READER_ENDPOINT.",
    ]);
  });

  it("takes the cache's address and its secret together", () => {
    const [endpoint, secret] = ["localhost:6379", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-cache-AbCdEf"];
    const both = loadConfig({ ...LOCAL, CACHE_ENDPOINT: endpoint, CACHE_SECRET_ARN: secret, AWS_REGION: "eu-central-1" });
    assert.deepEqual(both.cache, { seconds: 10, shared: { host: "localhost", port: 6379, secretArn: secret } });
    assert.deepEqual(faults({ ...LOCAL, CACHE_ENDPOINT: endpoint }), [
      "CACHE_SECRET_ARN: given nothing; needed with CACHE_ENDPOINT; set it to the ARN of the secret with the password, or remove CACHE_ENDPOINT.",
      "AWS_REGION: given nothing; needed to read secrets; set it to the region they are in, such as eu-central-1.",
    ]);
    assert.deepEqual(faults({ ...LOCAL, CACHE_SECRET_ARN: secret }), [
      "CACHE_ENDPOINT: given nothing; needed with CACHE_SECRET_ARN; set it to host:port of the cache, or remove CACHE_SECRET_ARN.",
    ]);
  });

  it("needs the region of a queue", () => {
    assert.equal(loadConfig({ ...LOCAL, JOBS_QUEUE_URL: QUEUE, AWS_REGION: "eu-central-1" }).jobsQueueUrl, QUEUE);
    assert.deepEqual(faults({ ...LOCAL, JOBS_QUEUE_URL: QUEUE }), [
      "AWS_REGION: given nothing; needed with JOBS_QUEUE_URL; set it to the region of the queue, such as eu-central-1.",
    ]);
  });

  it("refuses two answers to one question", () => {
    assert.deepEqual(faults({ ...ON_AWS, ...LOCAL }), [
      "DATABASE_ENDPOINT and DATABASE_URL: given both; allowed is one; remove DATABASE_URL outside of local use.",
      "APP_SECRET_ARN and APP_SECRET: given both; allowed is one; remove APP_SECRET outside of local use.",
    ]);
  });

  it("refuses a worker that is to do nothing", () => {
    assert.equal(loadConfig({ ...LOCAL, JOBS_AT_ONCE: "0" }).jobsAtOnce, 0);
    assert.deepEqual(faults({ ...LOCAL, ROLE: "worker", JOBS_AT_ONCE: "0" }), [
      'JOBS_AT_ONCE: given "0"; with ROLE=worker allowed is 1 or more, for there is nothing else to do; set it to something like 2.',
    ]);
  });

  for (const [name, bad] of [
    ["PORT", ["-1", "65536", "80.5", "http", " 80", "0x50", "1e3"]],
    ["HOST", ["a b", "http://localhost", "localhost/"]],
    ["ROLE", ["Web", "web,worker"]],
    ["SERVICES", ["auth", "ALL"]],
    ["JOBS_AT_ONCE", ["-1", "101", "two"]],
    ["MIGRATIONS", ["true", "1", "yes"]],
    [
      "PUBLIC_URL",
      [
        "shop.example.com",
        "ftp://shop.example.com",
        "https://shop.example.com/shop",
        "https://a@shop.example.com",
        "https://shop.example.com?x=1",
      ],
    ],
    ["LOG_LEVEL", ["trace", "INFO"]],
    ["TRUSTED_PROXIES", ["all", "10.0.0.0/8;", "proxy.example.com", ","]],
    ["DRAIN_SECONDS", ["61", "-1", "1s"]],
    ["MOST_REQUESTS", ["0", "10001"]],
    ["CHAOS_TOKEN", ["x".repeat(31), "x y".repeat(20)]],
    ["DATABASE_ENDPOINT", ["db", "db:", "db:0", "db:65536", "postgres://db:5432", "a b:5432"]],
    ["DATABASE_NAME", ["1shop", "shop-db", "a".repeat(64), 'shop"; DROP']],
    [
      "DATABASE_SECRET_ARN",
      ["shop-db", "arn:aws:ssm:eu-central-1:111122223333:parameter/x", "arn:aws:secretsmanager:eu-central-1:1:secret:x"],
    ],
    ["DATABASE_URL", ["mysql://127.0.0.1/shop", "127.0.0.1:5432"]],
    ["DATABASE_READER_ENDPOINT", ["replica"]],
    ["DATABASE_POOL", ["0", "201"]],
    ["DATABASE_WAIT_SECONDS", ["0", "3601"]],
    ["CACHE_ENDPOINT", ["cache", "rediss://cache:6379", "cache:0"]],
    ["CACHE_SECRET_ARN", ["cache"]],
    ["CACHE_SECONDS", ["-1", "301", "10s"]],
    ["JOBS_QUEUE_URL", ["shop-jobs", "https://sqs.eu-central-1.amazonaws.com/shop-jobs", `${QUEUE}.fifo`]],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", ["collector:4318", "grpc://collector:4317"]],
    ["OBJECTS_BUCKET", ["Shop", "a", "-shop", "s3://shop"]],
    ["APP_SECRET_ARN", ["secret"]],
    ["APP_SECRET", ["x".repeat(31)]],
    ["AWS_REGION", ["Frankfurt", "eu-central", "eu-central-1a"]],
  ] as const)
    it(`says of a wrong ${name} what was given, what is allowed and what to do`, () => {
      const { allowed, example, hidden } = table[name] as { allowed: string; example: string; hidden?: boolean };
      for (const given of bad) {
        const found = faults({ ...(name.startsWith("DATABASE") || name.endsWith("ARN") ? ON_AWS : LOCAL), [name]: given });
        const shown = hidden === true ? `a value of ${given.length} characters` : JSON.stringify(given);
        assert.equal(found[0], `${name}: given ${shown}; allowed is ${allowed}; set it to something like ${example}.`);
      }
    });

  it("takes what each variable allows", () => {
    for (const environment of [
      { PORT: "0" },
      { PORT: "65535" },
      { HOST: "::1" },
      { PUBLIC_URL: "https://shop.example.com" },
      { PUBLIC_URL: "http://localhost:3000/" },
      { TRUSTED_PROXIES: "loopback, 10.0.0.0/8,fd00::/8,192.0.2.1" },
      { DRAIN_SECONDS: "60" },
      { DATABASE_URL: "postgresql://[::1]/shop" },
      { AWS_REGION: "us-gov-west-1" },
    ])
      assert.deepEqual(faults({ ...LOCAL, ...environment }), []);
    assert.equal(loadConfig({ ...LOCAL, PUBLIC_URL: "http://localhost:3000/" }).publicUrl, "http://localhost:3000");
    const { database } = loadConfig({ ...ON_AWS, DATABASE_ENDPOINT: "[::1]:5432" });
    assert.equal(database.kind === "endpoint" && database.host, "::1");
  });

  describe("of DATABASE_CA_FILE", () => {
    const folder = mkdtempSync(join(tmpdir(), "shop-config-"));
    after(() => rmSync(folder, { recursive: true }));

    it("is the file's certificates", () => {
      const file = join(folder, "ca.pem");
      writeFileSync(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
      const { database } = loadConfig({ ...ON_AWS, DATABASE_CA_FILE: file });
      assert.match(database.kind === "endpoint" ? (database.ca ?? "") : "", /BEGIN CERTIFICATE/);
    });

    it("is refused when the file is not there or holds none", () => {
      const empty = join(folder, "empty.pem");
      writeFileSync(empty, "nothing");
      for (const file of [join(folder, "none.pem"), empty, folder])
        assert.deepEqual(faults({ ...ON_AWS, DATABASE_CA_FILE: file }), [
          `DATABASE_CA_FILE: given ${JSON.stringify(file)}; allowed is a readable file with PEM certificates; correct the path or remove the variable.`,
        ]);
    });
  });

  it("is explained variable by variable, without a value that is a secret", () => {
    const help = configHelp();
    for (const name of Object.keys(table)) assert.match(help, new RegExp(`^ {2}${name}$`, "m"));
  });
});
