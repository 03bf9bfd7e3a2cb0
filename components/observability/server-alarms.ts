import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { AGENT_NAMESPACE } from "../compute/host-metrics.ts";
import { isBurstable } from "../compute/instance-type.ts";
import { above, type Alarms, type AlarmSpec } from "./alarm-spec.ts";
import type { Watched } from "./watched.ts";

type Server = NonNullable<Watched["server"]>;

/** The containers that a server runs: the product and the way in. */
const CONTAINERS = 2;

/** Whether the one server lives and works, and how much of it is used up. */
export function serverAlarms(server: Server, region: string): Alarms {
  return { ...hostAlarms(server, region), ...capacityAlarms(server) };
}

/** Whether the server lives, and whether it does its work. */
function hostAlarms(server: Server, region: string): Record<string, AlarmSpec> {
  const dimensions = { InstanceId: server.instanceId };
  const checks = { ...above(0, 60, 3, 3), namespace: "AWS/EC2", dimensions, statistic: "Maximum" };
  return {
    "server-health": {
      severity: "critical",
      args: {
        alarmDescription: "The server or its host failed its checks for three minutes.",
        ...checks,
        metricName: "StatusCheckFailed",
        // The checks report every minute; a server that says nothing is not well.
        treatMissingData: "breaching",
      },
    },
    "server-hung": {
      severity: "warning",
      // A failed host is left automatically (see AppServer); a system that hangs on a sound host needs a reboot.
      acts: `arn:aws:automate:${region}:ec2:reboot`,
      args: {
        alarmDescription: "The server's system has not answered for three minutes; it is rebooted now.",
        ...checks,
        metricName: "StatusCheckFailed_Instance",
        // A server that has just been made has not been checked yet, and must not be rebooted for that.
        treatMissingData: "notBreaching",
      },
    },
    "server-containers": {
      severity: "critical",
      args: {
        alarmDescription: "The product or the way in from the internet has not been running for ten minutes.",
        comparisonOperator: "LessThanThreshold",
        // A container that starts again and again counts for a part of the time, so the mean is below the whole number.
        threshold: CONTAINERS - 0.5,
        period: 300,
        datapointsToAlarm: 2,
        evaluationPeriods: 2,
        namespace: AGENT_NAMESPACE,
        metricName: "procstat_lookup_pid_count",
        dimensions,
        statistic: "Average",
        treatMissingData: "missing",
      },
    },
  };
}

/** How much of the server is used up. */
function capacityAlarms(server: Server): Record<string, AlarmSpec> {
  const dimensions = { InstanceId: server.instanceId };
  const ec2 = { namespace: "AWS/EC2", dimensions };
  const agent = { namespace: AGENT_NAMESPACE, statistic: "Average", treatMissingData: "missing" };
  const alarms: Record<string, AlarmSpec> = {
    "server-cpu": {
      severity: "warning",
      args: {
        alarmDescription: "The processor was busier than 80 % for fifteen minutes.",
        ...above(80, 300, 3, 3),
        ...ec2,
        metricName: "CPUUtilization",
        statistic: "Average",
        treatMissingData: "missing",
      },
    },
    "server-memory": {
      severity: "warning",
      args: {
        alarmDescription: "More than 85 % of the memory was in use for fifteen minutes.",
        ...above(85, 300, 3, 3),
        ...agent,
        dimensions,
        metricName: "mem_used_percent",
      },
    },
    "server-disk": {
      severity: "warning",
      args: {
        alarmDescription: "More than 80 % of the disk is in use.",
        ...above(80, 300, 3, 3),
        ...agent,
        dimensions: { ...dimensions, path: "/" },
        metricName: "disk_used_percent",
      },
    },
  };
  return isBurstable(server.instanceType) ? { ...alarms, "server-credits": creditAlarm(dimensions) } : alarms;
}

/** Processor credits of a server, or of a group of them. */
export function creditAlarm(dimensions: NonNullable<MetricAlarmArgs["dimensions"]>): AlarmSpec {
  return {
    severity: "warning",
    args: {
      alarmDescription:
        "The processor credits are used up and the server borrows more; what it can't earn back within a day is charged.",
      // A new server starts with no credits and borrows some 10 while it sets itself up, so the balance itself would always cry at first.
      ...above(50, 300, 3, 3),
      namespace: "AWS/EC2",
      dimensions,
      metricName: "CPUSurplusCreditBalance",
      statistic: "Maximum",
      treatMissingData: "missing",
    },
  };
}
