import type { Group } from "@pulumi/aws/autoscaling/group.js";
import { Policy, type PolicyArgs } from "@pulumi/aws/autoscaling/policy.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { requireGroup, serverGroup, type ServerGroupArgs } from "./server-group.ts";

/** What the caller decides about {@link Workers}. */
export interface WorkersArgs extends ServerGroupArgs {
  /** The queue from which they take jobs, by the name under which CloudWatch knows it. */
  readonly queueName: pulumi.Input<string>;
  /** The group grows while more jobs wait for each server than this. @default 100 */
  readonly backlogPerServer?: number;
  /** The group grows while the oldest job waits longer than this, in seconds. @default 60 */
  readonly longestWaitSeconds?: number;
}

/**
 * Servers that work on jobs from a queue, and nothing else: nobody reaches them. There are more of them when jobs pile up, and fewer when there is nothing to do.
 *
 * How many is reckoned from the jobs that wait for each server, which stays the same however large the group is; the age of the oldest job is a second reason to grow, for
 * jobs that are few and slow. A server that goes tells the product to stop and gives it two minutes; a job that was not ended then is given to another server by the queue.
 *
 * **Cost**: 36 USD a month for each m7g.medium (0.0489 USD an hour; some 40 % of that as Spot), 2 USD for 20 GiB of disk, 1.80 USD for the group's memory and disk metrics
 * (Frankfurt).
 */
export class Workers extends pulumi.ComponentResource {
  /** By which Auto Scaling and CloudWatch know the group. */
  readonly groupName: pulumi.Output<string>;
  /** The group before the servers. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Main child, for alarms. */
  readonly group: Group;

  constructor(name: string, args: WorkersArgs, opts?: pulumi.ComponentResourceOptions) {
    const { backlogPerServer = 100, longestWaitSeconds = 60, queueName } = args;
    const what = `Workers "${name}"`;
    requireGroup(what, args);
    requireBetween(`${what}: backlogPerServer`, backlogPerServer, 1, 1_000_000);
    requireBetween(`${what}: longestWaitSeconds`, longestWaitSeconds, 1, 1_209_600);
    super("platform:compute:Workers", name, {}, opts);

    const { group, securityGroup } = serverGroup(
      name,
      args,
      {
        description: "Its stores and TLS to the outside, nobody from anywhere",
        environment: { ROLE: "worker" },
        stopSeconds: 120,
        health: { healthCheckType: "EC2", healthCheckGracePeriod: 60 },
      },
      { parent: this },
    );
    this.group = group;
    this.groupName = group.name;
    this.securityGroupId = securityGroup.id;

    const track = (role: string, targetTrackingConfiguration: Tracking) =>
      new Policy(
        `${name}-${role}`,
        { autoscalingGroupName: group.name, policyType: "TargetTrackingScaling", targetTrackingConfiguration },
        { parent: this },
      );
    track("backlog", backlog(queueName, group.name, backlogPerServer));
    track("age", oldestJob(queueName, longestWaitSeconds));

    this.registerOutputs({ groupName: this.groupName, securityGroupId: this.securityGroupId });
  }
}

type Tracking = NonNullable<PolicyArgs["targetTrackingConfiguration"]>;

/** The jobs that wait for each server that works. */
function backlog(queueName: pulumi.Input<string>, groupName: pulumi.Input<string>, targetValue: number) {
  const dimension = (name: string, value: pulumi.Input<string>) => [{ name, value }];
  const metrics = [
    {
      id: "waiting",
      metricStat: {
        metric: {
          namespace: "AWS/SQS",
          metricName: "ApproximateNumberOfMessagesVisible",
          dimensions: dimension("QueueName", queueName),
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
          dimensions: dimension("AutoScalingGroupName", groupName),
        },
        stat: "Average",
      },
      returnData: false,
    },
    { id: "backlog", expression: "waiting / servers", label: "Jobs that wait for each server", returnData: true },
  ];
  return { customizedMetricSpecification: { metrics }, targetValue };
}

/** More servers make the age fall only once they have caught up, so it is a reason to grow and none to shrink. */
function oldestJob(queueName: pulumi.Input<string>, targetValue: number) {
  return {
    customizedMetricSpecification: {
      namespace: "AWS/SQS",
      metricName: "ApproximateAgeOfOldestMessage",
      metricDimensions: [{ name: "QueueName", value: queueName }],
      statistic: "Maximum",
    },
    targetValue,
    disableScaleIn: true,
  };
}
