import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { cluster as definition } from "../../../../sandbox/src/services/rds/cluster.ts";
import { secretValue } from "../../../../sandbox/src/services/secretsmanager/managed.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { CLUSTER, RdsFixture, type } from "./support.ts";

interface ManagedSecret {
  readonly secretArn: string;
  readonly kmsKeyId: string;
  readonly secretStatus: string;
}

/** None of these clusters has an instance that runs: no server is started in this file. */
describe("clusters of the sandbox", function () {
  this.timeout(30_000);
  let rds: RdsFixture;
  let vpc: Resource;
  let shop: Resource;
  before(async () => {
    rds = new RdsFixture();
    ({ vpc } = await rds.subnetGroup());
    shop = await rds.make(type.cluster, CLUSTER);
  });
  after(() => rds.end());

  const cluster = (changes: Props, token: string = type.cluster): Promise<Resource> =>
    rds.make(token, { ...CLUSTER, clusterIdentifier: "other", ...changes });
  const secretsOf = async (row: Resource): Promise<ManagedSecret[]> => (await rds.now(row))["masterUserSecrets"] as never;

  describe("have", () => {
    it("the outputs of Aurora's, in its shapes", async () => {
      const { clusterResourceId, endpoint, readerEndpoint, masterUserSecrets, masterPasswordWo, ...outputs } =
        await rds.now(shop);
      assert.equal(masterPasswordWo, undefined);
      assert.match(clusterResourceId as string, /^cluster-[0-9A-F]{26}$/);
      assert.match(endpoint as string, /^shop\.cluster-c[0-9a-z]{11}\.eu-central-1\.rds\.amazonaws\.com$/);
      assert.equal(readerEndpoint, (endpoint as string).replace(".cluster-", ".cluster-ro-"));
      assert.equal((masterUserSecrets as unknown[]).length, 1);
      const defaultKey = outputs["masterUserSecretKmsKeyId"];
      assert.match(defaultKey as string, /^arn:aws:kms:eu-central-1:123456789012:key\/[0-9a-f-]{36}$/);
      assert.deepEqual(outputs, {
        ...CLUSTER,
        allocatedStorage: 1,
        applyImmediately: false,
        arn: "arn:aws:rds:eu-central-1:123456789012:cluster:shop",
        autoMinorVersionUpgrade: true,
        availabilityZones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
        backupRetentionPeriod: 1,
        caCertificateIdentifier: "",
        caCertificateValidTill: "",
        clusterIdentifierPrefix: "",
        clusterMembers: [],
        clusterScalabilityType: "standard",
        copyTagsToSnapshot: false,
        databaseInsightsMode: "standard",
        dbClusterParameterGroupName: "default.aurora-postgresql17",
        dbSystemId: "",
        deleteAutomatedBackups: true,
        enableGlobalWriteForwarding: false,
        enableHttpEndpoint: false,
        enableLocalWriteForwarding: false,
        engineLifecycleSupport: "open-source-rds-extended-support",
        engineMode: "provisioned",
        engineVersionActual: "17.4",
        hostedZoneId: "Z1RLNUO7B9Q6NB",
        iamRoles: [],
        kmsKeyId: "",
        masterUserSecretKmsKeyId: defaultKey,
        monitoringInterval: 0,
        monitoringRoleArn: "",
        networkType: "IPV4",
        performanceInsightsKmsKeyId: "",
        performanceInsightsRetentionPeriod: 0,
        port: 5432,
        preferredBackupWindow: "03:12-03:42",
        preferredMaintenanceWindow: "sun:05:08-sun:05:38",
        storageEncrypted: false,
        storageType: "",
        upgradeRolloutOrder: "second",
        vpcId: vpc.id,
        vpcSecurityGroupIds: [rds.cloud.world.get(type.vpc, vpc.id)?.outputs["defaultSecurityGroupId"]],
      });
    });

    it("a password of 28 letters in a secret that RDS manages, and in no output", async () => {
      const [secret, ...more] = await secretsOf(shop);
      assert.deepEqual(more, []);
      assert.equal(secret?.secretStatus, "active");
      assert.match(secret.secretArn, /^arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!cluster-[0-9a-f-]{36}-\w{6}$/);
      const value = JSON.parse(secretValue(rds.cloud, secret.secretArn)) as { username: string; password: string };
      assert.deepEqual(Object.keys(value), ["username", "password"]);
      assert.equal(value.username, "platform");
      assert.match(value.password, /^[!-~]{28}$/);
      assert.doesNotMatch(value.password, /["'/@\\`, ]/);
      assert.ok(!JSON.stringify(await rds.now(shop)).includes(value.password));
      const row = rds.cloud.world.get(type.secret, secret.secretArn);
      assert.equal(row?.outputs["owningService"], "rds");
      assert.equal(row.urn, "");
    });

    it("neither data nor a server nor an endpoint that leads anywhere before their first instance", () => {
      assert.ok(!existsSync(join(rds.cloud.home, "postgres/clusters")));
      assert.deepEqual(rds.cloud.processes.list(), []);
      assert.deepEqual(rds.cloud.addresses.entries(), []);
    });
  });

  describe("change in place", () => {
    it("what RDS changes, and keep their endpoint, their password and their id", async () => {
      const before = await rds.now(shop);
      await rds.stack.update(shop, "shop", {
        ...CLUSTER,
        backupRetentionPeriod: 14,
        iamDatabaseAuthenticationEnabled: true,
        port: 5433,
        preferredMaintenanceWindow: "Mon:01:00-Mon:02:00",
        serverlessv2ScalingConfiguration: { minCapacity: 1, maxCapacity: 8 },
      });
      const after = await rds.now(shop);
      const changed = Object.keys(after).filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]));
      assert.deepEqual(changed.sort(), [
        "backupRetentionPeriod",
        "iamDatabaseAuthenticationEnabled",
        "port",
        "preferredMaintenanceWindow",
        "serverlessv2ScalingConfiguration",
      ]);
      assert.equal(after["iamDatabaseAuthenticationEnabled"], true);
      assert.equal(after["preferredMaintenanceWindow"], "mon:01:00-mon:02:00");
    });

    it("their version upwards, over a major version only where that is allowed", async () => {
      const to = (engineVersion: string, more: Props = {}): Promise<unknown> =>
        rds.stack.update(shop, "shop", { ...CLUSTER, engineVersion, ...more });
      await to("17.5");
      await refused(to("17.4"), "InvalidParameterCombination", "Cannot upgrade aurora-postgresql from 17.5 to 17.4");
      await refused(
        to("18.1"),
        "InvalidParameterCombination",
        "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.",
      );
      await to("18", { allowMajorVersionUpgrade: true });
      const { engineVersion, engineVersionActual, dbClusterParameterGroupName } = await rds.now(shop);
      assert.deepEqual(
        [engineVersion, engineVersionActual, dbClusterParameterGroupName],
        ["18", "18.1", "default.aurora-postgresql18"],
      );
    });

    it("to a password of the program's own, whereupon the managed secret is gone, and back", async () => {
      const [secret] = await secretsOf(shop);
      const change = (more: Props): Promise<unknown> =>
        rds.stack.update(shop, "shop", { ...CLUSTER, engineVersion: "18.1", manageMasterUserPassword: undefined, ...more });
      await refused(
        change({}),
        "InvalidParameterValue",
        "The parameter MasterUserPassword must be provided and must not be blank.",
      );
      await change({ masterPassword: "a-Password" });
      assert.deepEqual(await secretsOf(shop), []);
      assert.equal(rds.cloud.world.get(type.secret, secret?.secretArn ?? ""), undefined);
      await change({ manageMasterUserPassword: true });
      const [again] = await secretsOf(shop);
      assert.ok(again);
      assert.notEqual(again.secretArn, secret?.secretArn);
    });

    it("and never by replacing them for what may change", () => {
      const replacing = (changes: Props): string[] =>
        rds.stack.engine
          .diff(type.cluster, CLUSTER, { ...CLUSTER, ...changes })
          .changes.flatMap(({ path, replace }) => (replace ? [path] : []));
      assert.deepEqual(replacing({ port: 5433, engineVersion: "18.1", deletionProtection: true, masterPassword: "x" }), []);
      assert.deepEqual(replacing({ databaseName: "other", storageEncrypted: true, masterUsername: "other" }).sort(), [
        "databaseName",
        "masterUsername",
        "storageEncrypted",
      ]);
    });
  });

  describe("encrypt with", () => {
    it("a key of the program's, which is remembered by its ARN", async () => {
      const key = await rds.make(type.key, {});
      const arn = text(key.outputs, "arn");
      const row = await cluster({ storageEncrypted: true, kmsKeyId: arn, masterUserSecretKmsKeyId: arn });
      const outputs = await rds.now(row);
      assert.deepEqual([outputs["kmsKeyId"], outputs["masterUserSecretKmsKeyId"]], [arn, arn]);
      const [secret] = await secretsOf(row);
      assert.equal(secret?.kmsKeyId, arn);
      assert.equal(rds.cloud.world.get(type.secret, secret.secretArn)?.outputs["kmsKeyId"], arn);
      await rds.delete(row);
    });

    it("AWS's own key where none is given, and where its alias is", async () => {
      const row = await cluster({ storageEncrypted: true });
      const other = await cluster({
        clusterIdentifier: "third",
        storageEncrypted: true,
        masterUserSecretKmsKeyId: "alias/aws/rds",
      });
      const { kmsKeyId } = await rds.now(row);
      assert.match(kmsKeyId as string, /^arn:aws:kms:eu-central-1:123456789012:key\/[0-9a-f-]{36}$/);
      assert.equal((await secretsOf(other))[0]?.kmsKeyId, kmsKeyId);
      for (const each of [row, other]) await rds.delete(each);
    });
  });

  describe("are deleted", () => {
    it("only once their protection is off, which RDS asks for in its own words", async () => {
      const row = await cluster({ deletionProtection: true });
      await refused(
        rds.delete(row),
        "InvalidParameterCombination",
        "Cannot delete protected Cluster, please disable deletion protection and try again.",
      );
      assert.equal((await rds.now(row))["deletionProtection"], true);
      await rds.stack.update(row, "other", { ...CLUSTER, clusterIdentifier: "other", deletionProtection: false });
      await rds.delete(row);
      assert.equal(rds.cloud.world.get(type.cluster, "other", REGION), undefined);
    });

    it("together with their managed secret", async () => {
      const row = await cluster({});
      const [secret] = await secretsOf(row);
      await rds.delete(row);
      assert.equal(rds.cloud.world.get(type.secret, secret?.secretArn ?? ""), undefined);
    });

    it("only with a name for the final snapshot, unless they leave none", async () => {
      const row = await cluster({ skipFinalSnapshot: false });
      await refused(
        rds.delete(row),
        "InvalidParameterCombination",
        "RDS Cluster final_snapshot_identifier is required when skip_final_snapshot is false",
      );
      await rds.stack.update(row, "other", {
        ...CLUSTER,
        clusterIdentifier: "other",
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: "Last-Words",
        copyTagsToSnapshot: true,
        tags: { team: "shop" },
      });
      await rds.delete(row);
      const snapshot = rds.cloud.world.get(type.snapshot, "last-words");
      assert.deepEqual(
        [snapshot?.phase, snapshot?.outputs["status"], snapshot?.outputs["tags"], snapshot?.outputs["dbClusterIdentifier"]],
        ["ready", "available", { team: "shop" }, "other"],
      );
    });

    it("to the end by the next daemon where one was killed half-way", async () => {
      const row = await cluster({ skipFinalSnapshot: false, finalSnapshotIdentifier: "half-way" });
      rds.cloud.world.change(() => {
        definition.remove?.(rds.cloud, row);
        rds.cloud.world.put({ ...row, phase: "deleting" });
      });
      assert.equal(rds.cloud.world.get(type.snapshot, "half-way")?.outputs["status"], "creating");
      await rds.restartDaemon();
      assert.equal(rds.cloud.world.get(type.snapshot, "half-way")?.outputs["status"], "available");
      assert.equal(rds.cloud.world.get(type.cluster, "other"), undefined);
    });

    it("not into a snapshot that is there already", async () => {
      const row = await cluster({ skipFinalSnapshot: false, finalSnapshotIdentifier: "last-words" });
      await refused(
        rds.delete(row),
        "DBClusterSnapshotAlreadyExistsFault",
        "Cannot create the snapshot because a snapshot with the identifier last-words already exists.",
      );
    });
  });

  describe("hold", () => {
    it("their subnet group, their parameter group and their security groups, which cannot be deleted then", async () => {
      const parameters = await rds.make(type.clusterParameters, { name: "own", family: "aurora-postgresql17" });
      const security = await rds.make(type.securityGroup, { vpcId: vpc.id, name: "database" });
      await cluster({ clusterIdentifier: "holder", dbClusterParameterGroupName: "own", vpcSecurityGroupIds: [security.id] });
      const group = rds.cloud.world.get(type.subnetGroup, "data");
      assert.ok(group);
      await refused(
        rds.delete(group),
        "InvalidDBSubnetGroupStateFault",
        /^Cannot delete the subnet group 'data' because at least one database cluster: \w+ is still using it\.$/,
      );
      await refused(
        rds.delete(parameters),
        "InvalidDBParameterGroupState",
        "One or more DB clusters are still members of this parameter group own, so the group cannot be deleted",
      );
      await refused(rds.delete(security), "DependencyViolation", `resource ${security.id} has a dependent object`);
    });

    it("no snapshot while none of their instances runs", async () => {
      await refused(
        rds.make(type.snapshot, { dbClusterIdentifier: "shop", dbClusterSnapshotIdentifier: "now" }),
        "InvalidDBClusterStateFault",
        "Cannot create the snapshot because the DB cluster shop has no instance that runs.",
      );
      await refused(
        rds.make(type.snapshot, { dbClusterIdentifier: "none", dbClusterSnapshotIdentifier: "now" }),
        "DBClusterNotFoundFault",
        "DBCluster none not found.",
      );
    });
  });
});
