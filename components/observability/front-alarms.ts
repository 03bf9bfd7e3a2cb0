import type * as pulumi from "@pulumi/pulumi";
import { AGENT_NAMESPACE } from "../compute/host-metrics.ts";
import { isBurstable } from "../compute/instance-type.ts";
import { above, type Alarms, LEAST_ERRORS, reckoned } from "./alarm-spec.ts";
import { creditAlarm } from "./server-alarms.ts";
import type { Watched, WatchedGroup } from "./watched.ts";

/** The alarms of what stands between people and stores: the load balancer, and the groups of servers. */
export function frontAlarms({ balancer, groups = {} }: Watched): Alarms {
  const ofGroups = Object.entries(groups).flatMap(([role, group]) => Object.entries(groupAlarms(role, group)));
  return { ...(balancer && balancerAlarms(balancer)), ...Object.fromEntries(ofGroups) };
}

function balancerAlarms(balancer: NonNullable<Watched["balancer"]>): Alarms {
  const ofTargets = Object.entries(balancer.targets).flatMap(([role, targetGroup]) =>
    Object.entries(targetAlarms(role, { LoadBalancer: balancer.arnSuffix, TargetGroup: targetGroup })),
  );
  return { ...requestAlarms({ LoadBalancer: balancer.arnSuffix }), ...Object.fromEntries(ofTargets) };
}

type Dimensions = Readonly<Record<string, pulumi.Input<string>>>;

function requestAlarms(dimensions: Dimensions): Alarms {
  const elb = { namespace: "AWS/ApplicationELB", dimensions };
  // A count that is nought is not published at all, and what no server got is in no RequestCount.
  const failed = "(FILL(servers, 0) + FILL(own, 0))";
  return {
    "balancer-errors": {
      severity: "critical",
      fixedName: true,
      args: {
        alarmDescription: `More than 1 % of the requests, and no fewer than ${LEAST_ERRORS}, were answered with 500 or above in three of five minutes, by the servers or by the load balancer itself.`,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 1,
        datapointsToAlarm: 3,
        evaluationPeriods: 5,
        metricQueries: reckoned({
          expression: `IF(${failed} >= ${LEAST_ERRORS}, 100 * ${failed} / (FILL(requests, 0) + FILL(own, 0)), 0)`,
          label: "Failed requests in %",
          from: {
            servers: { ...elb, metricName: "HTTPCode_Target_5XX_Count", stat: "Sum" },
            own: { ...elb, metricName: "HTTPCode_ELB_5XX_Count", stat: "Sum" },
            requests: { ...elb, metricName: "RequestCount", stat: "Sum" },
          },
          period: 60,
        }),
        treatMissingData: "notBreaching",
      },
    },
    "balancer-latency": {
      severity: "critical",
      fixedName: true,
      args: {
        alarmDescription: "The servers took longer than 500 ms for one request in twenty in three of five minutes.",
        // In seconds.
        ...above(0.5, 60, 3, 5),
        ...elb,
        metricName: "TargetResponseTime",
        extendedStatistic: "p95",
        treatMissingData: "notBreaching",
      },
    },
  };
}

/** About one group of targets behind the load balancer. */
function targetAlarms(role: string, dimensions: Dimensions): Alarms {
  const elb = { namespace: "AWS/ApplicationELB", dimensions, period: 60 };
  return {
    [`balancer-unhealthy-${role}`]: {
      severity: "warning",
      runbook: "balancer-unhealthy",
      args: {
        alarmDescription: `A server of the group ${role} has failed its health checks for five minutes.`,
        ...above(0, 60, 5, 5),
        ...elb,
        metricName: "UnHealthyHostCount",
        statistic: "Maximum",
        treatMissingData: "notBreaching",
      },
    },
    [`balancer-empty-${role}`]: {
      severity: "critical",
      runbook: "balancer-empty",
      args: {
        alarmDescription: `No server of the group ${role} has been healthy for two minutes.`,
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        datapointsToAlarm: 2,
        evaluationPeriods: 2,
        ...elb,
        metricName: "HealthyHostCount",
        statistic: "Maximum",
        treatMissingData: "breaching",
      },
    },
  };
}

/** About one group of servers; the roles begin with its own. */
function groupAlarms(role: string, { groupName, instanceType, maxServers }: WatchedGroup): Alarms {
  const dimensions = { AutoScalingGroupName: groupName };
  const lasting = (threshold: number) => ({ ...above(threshold, 300, 3, 3), statistic: "Average", treatMissingData: "missing" });
  const alarms: Alarms = {
    [`${role}-cpu`]: {
      severity: "warning",
      runbook: "group-cpu",
      args: {
        alarmDescription: `The processors of the group ${role} were busier than 80 % for fifteen minutes, so it does not grow with its load.`,
        ...lasting(80),
        namespace: "AWS/EC2",
        metricName: "CPUUtilization",
        dimensions,
      },
    },
    [`${role}-memory`]: {
      severity: "warning",
      runbook: "group-memory",
      args: {
        alarmDescription: `The servers of the group ${role} used more than 85 % of their memory for fifteen minutes.`,
        ...lasting(85),
        namespace: AGENT_NAMESPACE,
        metricName: "mem_used_percent",
        dimensions,
      },
    },
    [`${role}-disk`]: {
      severity: "warning",
      runbook: "group-disk",
      args: {
        alarmDescription: `A server of the group ${role} has more than 80 % of its disk in use.`,
        ...above(80, 300, 3, 3),
        statistic: "Maximum",
        treatMissingData: "missing",
        namespace: AGENT_NAMESPACE,
        metricName: "disk_used_percent",
        dimensions: { ...dimensions, path: "/" },
      },
    },
    [`${role}-at-most`]: {
      severity: "warning",
      runbook: "group-at-most",
      args: {
        alarmDescription: `The group ${role} has been as large as it may be, ${maxServers} servers, for fifteen minutes.`,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: maxServers,
        period: 300,
        datapointsToAlarm: 3,
        evaluationPeriods: 3,
        statistic: "Minimum",
        treatMissingData: "missing",
        namespace: "AWS/AutoScaling",
        metricName: "GroupDesiredCapacity",
        dimensions,
      },
    },
  };
  const credits = { ...creditAlarm(dimensions), runbook: "server-credits" };
  return isBurstable(instanceType) ? { ...alarms, [`${role}-credits`]: credits } : alarms;
}
