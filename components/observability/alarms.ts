import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type * as pulumi from "@pulumi/pulumi";
import { AGENT_NAMESPACE } from "../compute/host-metrics.ts";
import { isBurstable } from "../compute/instance-type.ts";
import { maxConnections } from "../database/parameters.ts";
import type { Severity } from "./alarm-topics.ts";
import { REQUEST_METRICS } from "./app-logs.ts";

/** What is watched: names and ids by which CloudWatch knows the platform's parts. */
export interface Watched {
  /** Namespace of the metrics counted from the product's log lines. */
  readonly namespace: string;
  readonly server: { readonly instanceId: pulumi.Input<string>; readonly instanceType: string };
  readonly database: { readonly clusterIdentifier: pulumi.Input<string>; readonly minAcu: number; readonly maxAcu: number };
  readonly backupVaultName: pulumi.Input<string>;
}

/** An alarm without its name, its actions and its tags. */
export interface AlarmSpec {
  readonly severity: Severity;
  readonly args: MetricAlarmArgs;
  /** What CloudWatch does by itself when the alarm goes off, beside telling people. @default - nothing */
  readonly acts?: string;
}

/** So many failures in a minute at least: at night two unlucky requests of five are no reason to wake somebody. */
const LEAST_ERRORS = 3;

/** The containers that a server runs: the product and the way in. */
const CONTAINERS = 2;

/** Every alarm of a platform on one server, by the role in its name. */
export function serverPlatformAlarms(watched: Watched, region: string): Readonly<Record<string, AlarmSpec>> {
  return {
    ...requestAlarms(watched),
    ...hostAlarms(watched, region),
    ...capacityAlarms(watched),
    ...databaseAlarms(watched),
    ...backupAlarms(watched),
  };
}

/** Above a threshold in so many of so many minutes or longer periods. */
function above(threshold: number, periodSeconds: number, datapointsToAlarm: number, evaluationPeriods: number) {
  return { comparisonOperator: "GreaterThanThreshold", threshold, period: periodSeconds, datapointsToAlarm, evaluationPeriods };
}

function requestAlarms({ namespace }: Watched): Record<string, AlarmSpec> {
  const sum = (metricName: string) => ({ metric: { namespace, metricName, stat: "Sum", period: 60 } });
  return {
    "error-rate": {
      severity: "critical",
      args: {
        alarmDescription: `More than 1 % of the requests, and no fewer than ${LEAST_ERRORS}, failed in three of five minutes.`,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 1,
        datapointsToAlarm: 3,
        evaluationPeriods: 5,
        metricQueries: [
          { id: "errors", ...sum(REQUEST_METRICS.errors), returnData: false },
          { id: "requests", ...sum(REQUEST_METRICS.requests), returnData: false },
          {
            id: "rate",
            expression: `IF(errors >= ${LEAST_ERRORS}, 100 * errors / requests, 0)`,
            label: "Failed requests in %",
            returnData: true,
          },
        ],
        treatMissingData: "notBreaching",
      },
    },
    latency: {
      severity: "critical",
      args: {
        alarmDescription: "One request in twenty took longer than 500 ms in three of five minutes.",
        ...above(500, 60, 3, 5),
        namespace,
        metricName: REQUEST_METRICS.latency,
        extendedStatistic: "p95",
        treatMissingData: "notBreaching",
      },
    },
  };
}

/** Whether the server lives, and whether it does its work. */
function hostAlarms({ server }: Watched, region: string): Record<string, AlarmSpec> {
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
function capacityAlarms({ server }: Watched): Record<string, AlarmSpec> {
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
  return isBurstable(server.instanceType) ? { ...alarms, "server-credits": creditAlarm(ec2) } : alarms;
}

function creditAlarm(ec2: Pick<MetricAlarmArgs, "namespace" | "dimensions">): AlarmSpec {
  return {
    severity: "warning",
    args: {
      alarmDescription:
        "The processor credits are used up and the server borrows more; what it can't earn back within a day is charged.",
      // A new server starts with no credits and borrows some 10 while it sets itself up, so the balance itself would always cry at first.
      ...above(50, 300, 3, 3),
      ...ec2,
      metricName: "CPUSurplusCreditBalance",
      statistic: "Maximum",
      treatMissingData: "missing",
    },
  };
}

function databaseAlarms({ database }: Watched): Record<string, AlarmSpec> {
  const { clusterIdentifier, maxAcu, minAcu } = database;
  const rds = { namespace: "AWS/RDS", dimensions: { DBClusterIdentifier: clusterIdentifier }, treatMissingData: "missing" };
  return {
    "database-connections": {
      severity: "warning",
      args: {
        alarmDescription: "More than 80 % of the connections that the database allows are open.",
        ...above(Math.floor(maxConnections(minAcu, maxAcu) * 0.8), 60, 3, 5),
        ...rds,
        metricName: "DatabaseConnections",
        statistic: "Maximum",
      },
    },
    "database-capacity": {
      severity: "critical",
      args: {
        alarmDescription:
          "The database has used more than 90 % of its highest capacity for fifteen minutes; raise platform:databaseMaxAcu.",
        ...above(90, 300, 3, 3),
        ...rds,
        metricName: "ACUUtilization",
        statistic: "Average",
      },
    },
  };
}

function backupAlarms({ backupVaultName }: Watched): Record<string, AlarmSpec> {
  const failed = (metricName: string, alarmDescription: string): AlarmSpec => ({
    severity: "critical",
    args: {
      alarmDescription,
      ...above(0, 3600, 1, 1),
      namespace: "AWS/Backup",
      metricName,
      dimensions: { BackupVaultName: backupVaultName },
      statistic: "Sum",
      treatMissingData: "notBreaching",
    },
  });
  return {
    "backup-failed": failed("NumberOfBackupJobsFailed", "A daily copy failed."),
    "restore-failed": failed("NumberOfRestoreJobsFailed", "A restore failed, in a test or in earnest."),
  };
}
