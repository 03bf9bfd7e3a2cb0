import assert from "node:assert/strict";
import { Database, ReadReplicas, type ReadReplicasArgs } from "../../../components/index.ts";
import { only, record, type Recorded, run } from "../../support/record.ts";
import { identity } from "../../support/stateful.ts";
import { cluster, tags, zones } from "../examples.ts";

const args: ReadReplicasArgs = {
  cluster,
  version: "17.5",
  keyArn: "arn:test:key",
  parameterGroupName: "platform-db-parameters",
  zones,
  writerZone: "eu-central-1b",
  tags,
};

const readers = (changes: Partial<ReadReplicasArgs> = {}): Promise<Recorded[]> =>
  record(() => new ReadReplicas("read", { ...args, ...changes }));

describe("ReadReplicas", () => {
  it("makes exactly these resources", async () => {
    assert.deepEqual((await readers()).map(identity).sort(), [
      "platform:database:ReadReplicas$aws:appautoscaling/policy:Policy::read-cpu",
      "platform:database:ReadReplicas$aws:appautoscaling/target:Target::read-count",
      "platform:database:ReadReplicas$aws:rds/clusterInstance:ClusterInstance::read-instance-1",
      "platform:database:ReadReplicas$aws:rds/clusterInstance:ClusterInstance::read-instance-2",
      "platform:database:ReadReplicas::read",
    ]);
  });

  it("is made of instances like the writer's, and marks them as copies that may go", async () => {
    const { inputs, protect } = only(await readers(), "read-instance-1");
    assert.deepEqual(inputs, {
      identifier: "read-1",
      clusterIdentifier: "platform-db",
      engine: "aurora-postgresql",
      engineVersion: "17.5",
      instanceClass: "db.serverless",
      dbParameterGroupName: "platform-db-parameters",
      publiclyAccessible: false,
      autoMinorVersionUpgrade: false,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      copyTagsToSnapshot: true,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: "arn:test:key",
      performanceInsightsRetentionPeriod: 7,
      availabilityZone: "eu-central-1a",
      promotionTier: 1,
      tags: { "platform:name": "test", "platform:data": "copy" },
    });
    assert.equal(protect, false);
  });

  it("puts readers into the zones without the writer, in turn, and lets the first one take over", async () => {
    const places = (await readers({ readers: 3 }))
      .filter(({ type }) => type.endsWith(":ClusterInstance"))
      .map(({ inputs }) => [inputs["availabilityZone"], inputs["promotionTier"]]);
    assert.deepEqual(places, [
      ["eu-central-1a", 1],
      ["eu-central-1c", 2],
      ["eu-central-1a", 2],
    ]);
  });

  it("adds up to two readers when those that there are get busy", async () => {
    const resources = await readers();
    assert.deepEqual(only(resources, "read-count").inputs, {
      serviceNamespace: "rds",
      scalableDimension: "rds:cluster:ReadReplicaCount",
      resourceId: "cluster:platform-db",
      minCapacity: 2,
      maxCapacity: 4,
      tags,
    });
    assert.deepEqual(only(resources, "read-cpu").inputs["targetTrackingScalingPolicyConfiguration"], {
      predefinedMetricSpecification: { predefinedMetricType: "RDSReaderAverageCPUUtilization" },
      targetValue: 60,
      scaleOutCooldown: 300,
      scaleInCooldown: 900,
    });
  });

  it("counts readers only once they are all there, lest Auto Scaling make the missing ones", async () => {
    assert.deepEqual([...only(await readers(), "read-count").dependencies].sort(), ["read-instance-1", "read-instance-2"]);
  });

  it("adds none when there may be no more", async () => {
    const types = (await readers({ maxReaders: 2 })).map(({ type }) => type);
    assert.deepEqual(
      types.filter((type) => type.startsWith("aws:appautoscaling/")),
      [],
    );
  });

  it("leads reads to the cluster's endpoint of readers", async () => {
    const { result } = await run(() => new ReadReplicas("read", args).endpoint);
    assert.equal(result, "platform-db.cluster-ro-test.eu-central-1.rds.amazonaws.com:5432");
  });

  it("takes a database's own outputs, and waits until the writer is there", async () => {
    const resources = await record(() => {
      const database = new Database("db", {
        vpcId: "vpc-1",
        subnetIds: ["subnet-a", "subnet-b"],
        keyArn: "arn:test:key",
        databaseName: "shop",
        version: "17.5",
        minAcu: 0.5,
        maxAcu: 8,
        logKeyArn: "arn:test:key",
        logDays: 30,
        tags,
      });
      const { cluster: own, parameterGroupName, writerZone } = database;
      return new ReadReplicas("read", { ...args, cluster: own, parameterGroupName, writerZone });
    });
    const { dependencies, inputs } = only(resources, "read-instance-1");
    assert.ok(dependencies.includes("db-instance-1"), dependencies.join(", "));
    assert.deepEqual(
      [inputs["clusterIdentifier"], inputs["dbParameterGroupName"], inputs["availabilityZone"]],
      ["db-cluster-id", "db-parameters-0123456", "eu-central-1b"],
    );
  });

  const refusals: readonly (readonly [Partial<ReadReplicasArgs>, string])[] = [
    [{ readers: 0 }, "readers is 0; allowed: 1 to 15"],
    [{ readers: 16 }, "readers is 16; allowed: 1 to 15"],
    [{ readers: 3, maxReaders: 2 }, "maxReaders is 2; allowed: 3 to 15"],
    [{ cpuPercent: 95 }, "cpuPercent is 95; allowed: 10 to 90"],
  ];
  for (const [changes, words] of refusals)
    it(`refuses ${JSON.stringify(changes)}`, async () => {
      await assert.rejects(readers(changes), new RangeError(`ReadReplicas "read": ${words}`));
    });
});
