import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { appautoscalingDefinitions } from "../../../../sandbox/src/services/appautoscaling/index.ts";
import { readersAtWork } from "../../../../sandbox/src/services/appautoscaling/readers.ts";
import { closeCloudWatch, putMetric } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { ec2NetworkDefinitions } from "../../../../sandbox/src/services/ec2/network.ts";
import { iamDefinitions } from "../../../../sandbox/src/services/iam/index.ts";
import { kmsDefinitions } from "../../../../sandbox/src/services/kms/index.ts";
import { isAutoscaled, rdsDefinitions, readersOf } from "../../../../sandbox/src/services/rds/index.ts";
import { secretsmanagerDefinitions } from "../../../../sandbox/src/services/secretsmanager/index.ts";
import { REGION, Stack } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { CLUSTER, INSTANCE, RdsFixture, type } from "../rds/support.ts";

const MINUTE = 60_000;
const TARGET = "aws:appautoscaling/target:Target";
const POLICY = "aws:appautoscaling/policy:Policy";
const SHOP = { serviceNamespace: "rds", scalableDimension: "rds:cluster:ReadReplicaCount", resourceId: "cluster:shop" };

describe("the readers of an Aurora cluster that Application Auto Scaling counts", function () {
  this.timeout(60_000);
  let rds: RdsFixture;
  let cluster: Resource;
  let passed = 0;
  before(async () => {
    rds = new RdsFixture();
    // A quarter of a minute is over, whenever the test begins.
    const start = Math.floor(Date.now() / MINUTE) * MINUTE + 15_000;
    rds.cloud = { ...rds.cloud, now: () => start + passed };
    rds.stack = new Stack(rds.cloud, [
      ...appautoscalingDefinitions,
      ...ec2NetworkDefinitions,
      ...iamDefinitions,
      ...kmsDefinitions,
      ...rdsDefinitions,
      ...secretsmanagerDefinitions,
    ]);
    await rds.subnetGroup();
    cluster = await rds.make(type.cluster, CLUSTER);
    await rds.make(type.instance, INSTANCE);
  });
  after(async () => {
    await readersAtWork(rds.cloud).close();
    closeCloudWatch(rds.cloud);
    await rds.end();
  });

  const readers = (): number => readersOf(rds.cloud, cluster).length;

  async function look(): Promise<void> {
    readersAtWork(rds.cloud).look();
    await readersAtWork(rds.cloud).settled();
  }

  /** Lets minutes pass in each of which the readers are that busy. */
  async function minutes(count: number, percent: number): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      const dimensions = { DBClusterIdentifier: "shop", Role: "READER" };
      putMetric(rds.cloud, "AWS/RDS", "CPUUtilization", dimensions, percent, { at: rds.cloud.now(), region: REGION });
      passed += MINUTE;
      await look();
    }
  }

  const track = (configuration: Props = {}): Props => ({
    ...SHOP,
    policyType: "TargetTrackingScaling",
    targetTrackingScalingPolicyConfiguration: {
      targetValue: 60,
      predefinedMetricSpecification: { predefinedMetricType: "RDSReaderAverageCPUUtilization" },
      scaleOutCooldown: 300,
      scaleInCooldown: 900,
      ...configuration,
    },
  });

  it("are refused with every fault at once", () => {
    assert.deepEqual(
      rds.faults(TARGET, {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: "service/shop",
        minCapacity: 3,
        maxCapacity: 2,
      }),
      [
        'serviceNamespace: "ecs": the sandbox scales the readers of Aurora clusters; give "rds"',
        'scalableDimension: "ecs:service:DesiredCount": the sandbox scales the readers of Aurora clusters; give "rds:cluster:ReadReplicaCount"',
        'resourceId: "service/shop" is not allowed: expected cluster: and the name of a cluster, such as cluster:platform-db',
        "maxCapacity: the greatest capacity, 2, is below the least, 3",
      ],
    );
    assert.deepEqual(rds.faults(TARGET, { ...SHOP, minCapacity: 0, maxCapacity: 16 }), [
      "maxCapacity: 16 is out of range; allowed: 0 to 15",
    ]);
    assert.deepEqual(rds.faults(POLICY, { ...SHOP, name: "p", policyType: "StepScaling" }), [
      'name: policyType: "TargetTrackingScaling" and targetTrackingScalingPolicyConfiguration must be given',
      'policyType: "StepScaling": readers of Aurora are scaled by target tracking only; give "TargetTrackingScaling"',
    ]);
    assert.deepEqual(
      rds.faults(POLICY, { ...track({ predefinedMetricSpecification: { predefinedMetricType: "CPU" } }), name: "p" }),
      [
        'targetTrackingScalingPolicyConfiguration.predefinedMetricSpecification.predefinedMetricType: "CPU" is not one of the allowed values: RDSReaderAverageCPUUtilization, RDSReaderAverageDatabaseConnections',
      ],
    );
  });

  it("belong to a cluster that there is, and a policy to a target", async () => {
    await refused(
      rds.make(TARGET, { ...SHOP, resourceId: "cluster:blog", minCapacity: 1, maxCapacity: 2 }),
      "ValidationException",
      "DB cluster 'blog' not found",
    );
    await refused(
      rds.make(POLICY, track()),
      "ObjectNotFoundException",
      "No scalable target registered for service namespace: rds, resource ID: cluster:shop, scalable dimension: rds:cluster:ReadReplicaCount",
    );
  });

  it("are as many as the least, become more with the load, fewer without it, and go with their target", async () => {
    const target = await rds.make(TARGET, { ...SHOP, minCapacity: 1, maxCapacity: 2 });
    assert.equal(target.id, "cluster:shop");
    assert.deepEqual(target.outputs["suspendedState"], {
      dynamicScalingInSuspended: false,
      dynamicScalingOutSuspended: false,
      scheduledScalingSuspended: false,
    });
    await look();
    assert.equal(readers(), 1);
    const policy = await rds.make(POLICY, track());
    await minutes(2, 90);
    assert.equal(readers(), 1);
    await minutes(1, 90);
    assert.equal(readers(), 2);
    assert.ok(readersOf(rds.cloud, cluster).every(isAutoscaled));
    await minutes(5, 99);
    assert.equal(readers(), 2);
    // Fifteen minutes below 54 %, and the cooldown is over by then.
    await minutes(15, 10);
    assert.equal(readers(), 1);
    assert.deepEqual(
      rds.cloud.notes.filter((note) => note.startsWith("cluster:shop")),
      [
        `cluster:shop goes from 1 to 2 readers by its policy ${policy.id}, at 90`,
        `cluster:shop goes from 2 to 1 readers by its policy ${policy.id}, at 10`,
      ],
    );
    await rds.delete(policy);
    await rds.delete(target);
    assert.equal(readers(), 0);
  });
});
