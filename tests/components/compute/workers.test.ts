import assert from "node:assert/strict";
import { Workers, type WorkersArgs } from "../../../components/index.ts";
import { only, record, type Recorded } from "../../support/record.ts";
import { identity } from "../../support/stateful.ts";
import { servers } from "../examples.ts";

const args: WorkersArgs = { ...servers, queueName: "platform-jobs" };

const workers = (changes: Partial<WorkersArgs> = {}): Promise<Recorded[]> =>
  record(() => new Workers("work", { ...args, ...changes }));

describe("Workers", () => {
  it("makes exactly these resources", async () => {
    assert.deepEqual((await workers()).map(identity).sort(), [
      "platform:compute:Workers$aws:autoscaling/group:Group::work-group",
      "platform:compute:Workers$aws:autoscaling/policy:Policy::work-age",
      "platform:compute:Workers$aws:autoscaling/policy:Policy::work-backlog",
      "platform:compute:Workers$aws:ec2/launchTemplate:LaunchTemplate::work-template",
      "platform:compute:Workers$aws:ec2/securityGroup:SecurityGroup::work-access",
      "platform:compute:Workers$aws:iam/instanceProfile:InstanceProfile::work-profile",
      "platform:compute:Workers$aws:iam/role:Role::work-role",
      "platform:compute:Workers$aws:iam/rolePolicy:RolePolicy::work-role-policy",
      "platform:compute:Workers$aws:iam/rolePolicyAttachment:RolePolicyAttachment::work-role-AmazonSSMManagedInstanceCore",
      "platform:compute:Workers$aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::work-out-database",
      "platform:compute:Workers$aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::work-out-https",
      "platform:compute:Workers$aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::work-into-database",
      "platform:compute:Workers$platform:compute:HostMetrics$aws:ssm/association:Association::work-metrics-configure",
      "platform:compute:Workers$platform:compute:HostMetrics$aws:ssm/association:Association::work-metrics-install",
      "platform:compute:Workers$platform:compute:HostMetrics$aws:ssm/parameter:Parameter::work-metrics-settings",
      "platform:compute:Workers$platform:compute:HostMetrics::work-metrics",
      "platform:compute:Workers::work",
    ]);
  });

  it("stands behind no load balancer and is reached by nobody", async () => {
    const resources = await workers();
    const { inputs } = only(resources, "work-group");
    assert.deepEqual(
      [inputs["healthCheckType"], inputs["targetGroupArns"], inputs["minElbCapacity"]],
      ["EC2", undefined, undefined],
    );
    const into = resources.filter(
      ({ inputs: rule, type }) => type.endsWith(":SecurityGroupIngressRule") && rule["securityGroupId"] === "work-access-id",
    );
    assert.deepEqual(into, []);
  });

  it("runs the product as a worker, and gives it two minutes to end what it began", async () => {
    const { inputs } = only(await workers(), "work-template");
    const text = Buffer.from(inputs["userData"] as string, "base64").toString();
    assert.ok(text.includes("ROLE=worker\n"));
    assert.ok(text.includes("ExecStop=/usr/bin/docker stop --time 120 app\n"));
    assert.ok(text.includes("TimeoutStopSec=135\n"));
  });

  it("grows and shrinks with the jobs that wait for each server", async () => {
    const { inputs } = only(await workers({ backlogPerServer: 50 }), "work-backlog");
    assert.deepEqual(inputs["targetTrackingConfiguration"], {
      customizedMetricSpecification: {
        metrics: [
          {
            id: "waiting",
            metricStat: {
              metric: {
                namespace: "AWS/SQS",
                metricName: "ApproximateNumberOfMessagesVisible",
                dimensions: [{ name: "QueueName", value: "platform-jobs" }],
              },
              stat: "Maximum",
            },
            returnData: false,
          },
          {
            id: "servers",
            metricStat: {
              metric: {
                namespace: "AWS/AutoScaling",
                metricName: "GroupInServiceInstances",
                dimensions: [{ name: "AutoScalingGroupName", value: "work" }],
              },
              stat: "Average",
            },
            returnData: false,
          },
          { id: "backlog", expression: "waiting / servers", label: "Jobs that wait for each server", returnData: true },
        ],
      },
      targetValue: 50,
    });
  });

  it("grows, and does not shrink, with the age of the oldest job", async () => {
    const { inputs } = only(await workers(), "work-age");
    assert.deepEqual(inputs["targetTrackingConfiguration"], {
      customizedMetricSpecification: {
        namespace: "AWS/SQS",
        metricName: "ApproximateAgeOfOldestMessage",
        metricDimensions: [{ name: "QueueName", value: "platform-jobs" }],
        statistic: "Maximum",
      },
      targetValue: 60,
      disableScaleIn: true,
    });
  });

  const refusals: readonly (readonly [Partial<WorkersArgs>, string])[] = [
    [{ backlogPerServer: 0 }, "backlogPerServer is 0; allowed: 1 to 1000000"],
    [{ longestWaitSeconds: 0 }, "longestWaitSeconds is 0; allowed: 1 to 1209600"],
    [{ minServers: 7 }, "maxServers is 6; allowed: 7 to 1000"],
  ];
  for (const [changes, words] of refusals)
    it(`refuses ${JSON.stringify(changes)}`, async () => {
      await assert.rejects(workers(changes), new RangeError(`Workers "work": ${words}`));
    });
});
