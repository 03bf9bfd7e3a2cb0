import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import assert from "node:assert/strict";
import type pg from "pg";
import { credentialsDocument } from "../../../../sandbox/src/api/credentials.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { processName } from "../../../../sandbox/src/plane/postgres.ts";
import { ClusterMetrics } from "../../../../sandbox/src/services/rds/cluster-metrics.ts";
import { databaseDetails, rotateMasterPassword } from "../../../../sandbox/src/services/rds/index.ts";
import { publishProxies } from "../../../../sandbox/src/services/rds/proxy-metrics.ts";
import { proxiesOf } from "../../../../sandbox/src/services/rds/proxies.ts";
import { serverOf } from "../../../../sandbox/src/services/rds/types.ts";
import { eventually } from "../../plane/support.ts";
import { policyOf, TRUST_EC2 } from "../../support/api.ts";
import { REGION } from "../../support/cloud.ts";
import { DatabaseClient, Writers } from "./database-client.ts";
import { CLUSTER, INSTANCE, RdsFixture, type } from "./support.ts";

/** The tests of this file follow one proxy through its life; each begins where the one before ended. */
describe("a proxy before a cluster", function () {
  this.timeout(60_000);
  let rds: RdsFixture;
  let cluster: Resource;
  let writer: Resource;
  let proxy: Resource;
  let reads: Resource;
  let grant: Resource;
  let secretArn: string;
  let client: DatabaseClient;

  before(async () => {
    rds = new RdsFixture();
    await rds.cloud.trust.prepare();
    const { subnetIds } = await rds.network(["a", "b"]);
    await rds.make(type.subnetGroup, { name: "data", subnetIds });
    cluster = await rds.make(type.cluster, CLUSTER, "shop");
    client = new DatabaseClient(rds, cluster);
    writer = await rds.make(type.instance, INSTANCE, "one");
    await rds.make(type.instance, { ...INSTANCE, identifier: "shop-2" }, "two");
    await client.query("CREATE TABLE written (id int PRIMARY KEY)");
    secretArn = ((cluster.outputs["masterUserSecrets"] as { secretArn: string }[])[0] ?? { secretArn: "" }).secretArn;
    const trust = policyOf({ Action: "sts:AssumeRole", Principal: { Service: "rds.amazonaws.com" } });
    const role = await rds.make(type.role, { name: "proxy", assumeRolePolicy: trust });
    grant = await rds.make(
      type.rolePolicy,
      { name: "read", role: "proxy", policy: policyOf({ Action: "secretsmanager:GetSecretValue", Resource: secretArn }) },
      "grant",
    );
    proxy = await rds.make(
      type.proxy,
      {
        name: "shop",
        engineFamily: "POSTGRESQL",
        requireTls: true,
        auths: [{ secretArn }],
        roleArn: text(role.outputs, "arn"),
        vpcSubnetIds: subnetIds,
      },
      "proxy",
    );
    const connectionPoolConfig = { maxConnectionsPercent: 5, maxIdleConnectionsPercent: 5, connectionBorrowTimeout: 30 };
    await rds.make(type.proxyTargetGroup, { dbProxyName: "shop", connectionPoolConfig });
    await rds.make(type.proxyTarget, { dbProxyName: "shop", targetGroupName: "default", dbClusterIdentifier: "shop" });
    reads = await rds.make(type.proxyEndpoint, {
      dbProxyName: "shop",
      dbProxyEndpointName: "reads",
      targetRole: "READ_ONLY",
      vpcSubnetIds: subnetIds,
    });
  });
  after(() => rds.end());

  const hostOf = (row: Resource): string => text(row.outputs, "endpoint");
  const connect = (changes?: pg.ClientConfig): Promise<pg.Client> => client.connect(hostOf(proxy), changes);
  const updateProxy = (changes: Props): Promise<Resource> => rds.stack.update(proxy, "proxy", { ...proxy.inputs, ...changes });

  describe("lets in", () => {
    it("who has the secret's password, to the writer", async () => {
      assert.deepEqual(await client.query("SELECT current_user AS who, pg_is_in_recovery() AS reads", hostOf(proxy)), [
        { who: "platform", reads: false },
      ]);
    });

    it("by its read-only endpoint to a reader", async () => {
      assert.deepEqual(await client.query("SELECT pg_is_in_recovery() AS reads", hostOf(reads)), [{ reads: true }]);
    });

    it("nobody without TLS, and nobody it has no secret for", async () => {
      await assert.rejects(connect({ ssl: false }), { message: "This RDS Proxy requires TLS connections." });
      await assert.rejects(connect({ user: "other" }), {
        message: "This RDS proxy has no credentials for the role other. Check the credentials for this role and try again.",
      });
    });

    it("nobody while its role may not read the secret, and says why", async () => {
      await rds.delete(grant);
      await assert.rejects(connect(), {
        message: "This RDS proxy has no credentials for the role platform. Check the credentials for this role and try again.",
      });
      assert.equal(
        rds.cloud.notes.at(-1),
        `RDS Proxy shop cannot use the secret ${secretArn}: User: arn:aws:sts::123456789012:assumed-role/proxy/shop is not authorized to perform: ` +
          `secretsmanager:GetSecretValue on resource: ${secretArn} because no identity-based policy allows the secretsmanager:GetSecretValue action`,
      );
      grant = await rds.make(type.rolePolicy, grant.inputs, "grant");
      await (await connect()).end();
    });

    it("who has a token of a role that may connect, where IAM is required", async () => {
      await updateProxy({ auths: [{ secretArn, iamAuth: "REQUIRED" }] });
      const token = await tokenOf("app", hostOf(proxy));
      const refusal = {
        message: "The IAM authentication failed for the role platform. Check the IAM token for this role and try again.",
      };
      await assert.rejects(connect({ password: token }), refusal);
      const resource = `arn:aws:rds-db:eu-central-1:123456789012:dbuser:${text(proxy.outputs, "arn").split(":").at(-1) ?? ""}/platform`;
      await rds.make(type.rolePolicy, {
        name: "connect",
        role: "app",
        policy: policyOf({ Action: "rds-db:connect", Resource: resource }),
      });
      await (await connect({ password: token })).end();
      await assert.rejects(connect({ password: await tokenOf("app", "other.example.com") }), refusal);
      await assert.rejects(connect(), refusal);
      await updateProxy({});
    });
  });

  /** A token as the SDK's RDS signer makes it. */
  async function tokenOf(role: string, host: string): Promise<string> {
    const known = rds.cloud.world.get(type.role, role, REGION);
    const row = known ?? (await rds.make(type.role, { name: role, assumeRolePolicy: TRUST_EC2 }));
    const { token } = rds.cloud.workloadCredentials(text(row.outputs, "arn"));
    rds.cloud.world.space<string>("workload-token").set(row.id, token);
    const keys = credentialsDocument(rds.cloud, row.id, token);
    const signer = new SignatureV4({
      service: "rds-db",
      region: REGION,
      sha256: Sha256,
      credentials: {
        accessKeyId: keys["AccessKeyId"] ?? "",
        secretAccessKey: keys["SecretAccessKey"] ?? "",
        sessionToken: keys["Token"] ?? "",
      },
    });
    const signed = await signer.presign(
      {
        method: "GET",
        protocol: "https:",
        hostname: host,
        port: 5432,
        path: "/",
        query: { Action: "connect", DBUser: "platform" },
        headers: { host: `${host}:5432` },
      },
      { expiresIn: 900 },
    );
    const query = Object.entries(signed.query ?? {}).map((pair) =>
      pair.map((part) => encodeURIComponent(String(part))).join("="),
    );
    return `${host}:5432/?${query.join("&")}`;
  }

  describe("shares connections", () => {
    it("as its target group allows: five percent of a hundred for twenty clients", async () => {
      const clients = await Promise.all(Array.from({ length: 20 }, () => connect()));
      const answers = await Promise.all(
        clients.map((each) => each.query<{ pid: number }>("SELECT pg_backend_pid() AS pid, pg_sleep(0.01)")),
      );
      const pids = new Set(answers.map(({ rows }) => rows[0]?.pid));
      assert.ok(pids.size <= 5, `${String(pids.size)} connections`);
      await Promise.all(clients.map((each) => each.end()));
    });

    it("and tells in metrics how many there are, and how long they were waited for", async () => {
      rds.cloud.metrics.length = 0;
      publishProxies(rds.cloud, 0);
      const before = await connect();
      rds.cloud.metrics.length = 0;
      await before.query("SELECT 1");
      await before.query("BEGIN");
      await before.query("LISTEN news");
      publishProxies(rds.cloud, 0);
      const told = rds.cloud.metrics.map(
        ({ namespace, name, dimensions, value }) => [namespace, name, dimensions, value] as const,
      );
      const of = { ProxyName: "shop" };
      const { pool } = proxiesOf(rds.cloud).served(proxy) ?? assert.fail("it is not served");
      const readers = proxiesOf(rds.cloud).served(reads)?.pool.size ?? 0;
      assert.deepEqual(
        told.filter(([, name]) => name !== "DatabaseConnectionsBorrowLatency"),
        [
          ["AWS/RDS", "ClientConnections", of, 1],
          ["AWS/RDS", "DatabaseConnections", of, pool.size + readers],
          ["AWS/RDS", "DatabaseConnectionsCurrentlySessionPinned", of, 1],
          ["AWS/RDS", "QueryRequests", of, 3],
          ["AWS/RDS", "ClientConnectionsSetupSucceeded", of, 1],
        ],
      );
      const waits = rds.cloud.metrics.filter(({ name }) => name === "DatabaseConnectionsBorrowLatency");
      assert.equal(
        waits.reduce((sum, { count = 1 }) => sum + count, 0),
        2,
      );
      assert.deepEqual(
        rds.cloud.logs.map(({ group, line }) => [group, line]),
        [
          [
            "/aws/rds/proxy/shop",
            "The client session was pinned to the database connection for the remainder of the session. The proxy can't reuse this connection until the session ends. Reason: A notification channel was detected.",
          ],
        ],
      );
      await before.end();
    });
  });

  describe("is shown", () => {
    it("with its clients and connections, beside the roles of the instances and how far readers are behind", async () => {
      const open = await connect();
      const name = processName(serverOf(cluster, rds.cloud.world.get(type.instance, "shop-2", REGION) ?? assert.fail()));
      const status = {
        name,
        pid: 1,
        state: "ready",
        restarts: 0,
        startedAt: 0,
        memoryBytes: 0,
        cpuSeconds: 0,
        frozen: false,
      } as const;
      await new ClusterMetrics(rds.cloud).collect({ seconds: 60, processes: new Map([[name, status]]) }, 0);
      const { [reads.id]: reading, shop, ...instances } = databaseDetails(rds.cloud);
      assert.match(shop ?? "", /^1 client on [1-5] connections?$/);
      assert.match(reading ?? "", /^reads: 0 clients on \d connections?$/);
      assert.deepEqual(Object.keys(instances), ["shop-1", "shop-2"]);
      assert.match(Object.values(instances).join("; "), /^writer; reader, \d+ ms behind$/);
      const lags = rds.cloud.metrics.filter((metric) => metric.name === "AuroraReplicaLag").map(({ dimensions }) => dimensions);
      assert.deepEqual(lags, [
        { DBClusterIdentifier: "shop" },
        { DBClusterIdentifier: "shop", Role: "READER" },
        { DBInstanceIdentifier: "shop-2" },
      ]);
      await open.end();
    });
  });

  describe("when the password is rotated", () => {
    it("keeps those who are connected, and lets in who has the new one", async () => {
      const [kept, old] = [await connect(), await client.password()];
      await rotateMasterPassword(rds.cloud, cluster);
      assert.deepEqual((await kept.query("SELECT 1 AS one")).rows, [{ one: 1 }]);
      await kept.end();
      await assert.rejects(connect({ password: old }), {
        message: "The password that was provided for the role platform is wrong.",
      });
      assert.deepEqual(await client.query("SELECT 1 AS one", hostOf(proxy)), [{ one: 1 }]);
    });
  });

  describe("when the writer is killed", () => {
    it("keeps idle clients, lets their next query wait for the new writer, and loses no acknowledged row", async () => {
      const idle = await connect();
      const writers = new Writers(client, hostOf(proxy));
      const old = processName(serverOf(cluster, writer));
      await writers.during(4, async () => {
        await eventually("some are written", () => writers.acknowledged.size > 50);
        rds.cloud.processes.kill(old);
        await eventually("it has died", () => rds.cloud.processes.stateOf(old) !== "ready");
        const asked = await idle.query<{ reads: boolean }>(
          "INSERT INTO written VALUES (-1) RETURNING pg_is_in_recovery() AS reads",
        );
        assert.deepEqual(asked.rows, [{ reads: false }]);
        const before = writers.acknowledged.size;
        await eventually("more are written", () => writers.acknowledged.size > before + 50, 30_000);
      });
      assert.deepEqual(await writers.lost(), []);
      await idle.end();
      await eventually(
        "the old writer is read from",
        async () => {
          const [found] = await client.query("SELECT pg_is_in_recovery() AS reads", hostOf(reads));
          return found?.["reads"] === true;
        },
        30_000,
      );
    });
  });

  describe("after the daemon was stopped", () => {
    it("answers again at the same place", async () => {
      const before = rds.cloud.addresses.entries();
      await rds.restartDaemon();
      assert.deepEqual(rds.cloud.addresses.entries(), before);
      assert.deepEqual(await client.query("SELECT 1 AS one", hostOf(proxy)), [{ one: 1 }]);
    });
  });
});
