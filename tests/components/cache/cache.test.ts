import assert from "node:assert/strict";
import { Cache, type CacheArgs } from "../../../components/index.ts";
import { only, record, type Recorded, run } from "../../support/record.ts";
import { identity } from "../../support/stateful.ts";
import { tags } from "../examples.ts";

const args: CacheArgs = {
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  keyArn: "arn:test:key",
  logKeyArn: "arn:test:log-key",
  logDays: 30,
  tags,
};

const cache = (changes: Partial<CacheArgs> = {}): Promise<Recorded[]> => record(() => new Cache("hot", { ...args, ...changes }));

const password = "hot-password-".padEnd(48, "x");

/** A secret of the state, as the mock engine gives it. */
const secret = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "value" in value ? value.value : value;

describe("Cache", () => {
  it("makes exactly these resources", async () => {
    assert.deepEqual((await cache()).map((one) => identity(one).replace("platform:cache:Cache$", "")).sort(), [
      "aws:cloudwatch/logGroup:LogGroup::hot-slow-log",
      "aws:ec2/securityGroup:SecurityGroup::hot-access",
      "aws:elasticache/parameterGroup:ParameterGroup::hot-parameters",
      "aws:elasticache/replicationGroup:ReplicationGroup::hot-group",
      "aws:elasticache/subnetGroup:SubnetGroup::hot-subnets",
      "aws:secretsmanager/secret:Secret::hot-password",
      "aws:secretsmanager/secretVersion:SecretVersion::hot-password",
      "platform:cache:Cache::hot",
      "random:index/randomPassword:RandomPassword::hot-password",
    ]);
  });

  it("is Valkey in two zones, by TLS and with a password, encrypted, and copied every night", async () => {
    const { authToken, ...inputs } = only(await cache(), "hot-group").inputs;
    assert.deepEqual(inputs, {
      replicationGroupId: "hot",
      description: "Hot reads of the product",
      engine: "valkey",
      engineVersion: "8.2",
      nodeType: "cache.t4g.small",
      port: 6379,
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      subnetGroupName: "hot-subnets-0123456",
      parameterGroupName: "hot-parameters-0123456",
      securityGroupIds: ["hot-access-id"],
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: true,
      kmsKeyId: "arn:test:key",
      authTokenUpdateStrategy: "ROTATE",
      snapshotRetentionLimit: 7,
      snapshotWindow: "02:00-03:00",
      maintenanceWindow: "sun:03:30-sun:04:30",
      autoMinorVersionUpgrade: true,
      applyImmediately: true,
      logDeliveryConfigurations: [
        {
          logType: "slow-log",
          logFormat: "json",
          destinationType: "cloudwatch-logs",
          destination: "/aws/elasticache/hot/slow-log",
        },
      ],
      tags: { "platform:name": "test", "platform:data": "copy" },
    });
    assert.equal(secret(authToken), password);
  });

  it("keeps the password in Secrets Manager, as JSON", async () => {
    const { inputs } = only(await cache(), "hot-password", ":SecretVersion");
    assert.deepEqual(JSON.parse(secret(inputs["secretString"]) as string), { password });
    assert.equal(only(await cache(), "hot-password", ":Secret").inputs["kmsKeyId"], "arn:test:key");
  });

  it("drops what is used least when it is full, or what it is told to", async () => {
    const policyOf = async (changes: Partial<CacheArgs>): Promise<unknown> =>
      (only(await cache(changes), "hot-parameters").inputs["parameters"] as unknown[])[0];
    assert.deepEqual(await policyOf({}), { name: "maxmemory-policy", value: "allkeys-lfu" });
    assert.deepEqual(await policyOf({ evict: "volatile-ttl" }), { name: "maxmemory-policy", value: "volatile-ttl" });
    assert.equal(only(await cache(), "hot-parameters").inputs["family"], "valkey8");
  });

  it("grows by two arguments, in place", async () => {
    const { inputs } = only(await cache({ nodeType: "cache.r7g.large", replicas: 2 }), "hot-group");
    assert.deepEqual([inputs["nodeType"], inputs["numCacheClusters"]], ["cache.r7g.large", 3]);
  });

  it("gives what clients and alarms need", async () => {
    const { result } = await run(() => {
      const { endpoint, nodeIds, secretArn, securityGroupId } = new Cache("hot", { ...args, replicas: 2 });
      return { endpoint, nodeIds, secretArn, securityGroupId };
    });
    assert.deepEqual(result, {
      endpoint: "master.hot-group.test.euc1.cache.amazonaws.com:6379",
      nodeIds: ["hot-001", "hot-002", "hot-003"],
      secretArn: "arn:test:hot-password",
      securityGroupId: "hot-access-id",
    });
  });

  it("lets nobody in by itself", async () => {
    assert.deepEqual(
      (await cache()).filter(({ type }) => type.endsWith(":SecurityGroupIngressRule")),
      [],
    );
  });

  it("cuts its name to the 40 characters that ElastiCache allows", async () => {
    const name = "a-platform-with-a-name-as-long-as-it-is-cache";
    const { inputs } = only(await record(() => new Cache(name, args)), `${name}-group`);
    assert.equal(inputs["replicationGroupId"], "a-platform-with-a-name-as-long-as-it-is");
  });

  it("refuses to be without a copy, and without snapshots", async () => {
    await assert.rejects(cache({ replicas: 0 }), new RangeError('Cache "hot": replicas is 0; allowed: 1 to 5'));
    await assert.rejects(cache({ snapshotDays: 0 }), new RangeError('Cache "hot": snapshotDays is 0; allowed: 1 to 35'));
  });
});
