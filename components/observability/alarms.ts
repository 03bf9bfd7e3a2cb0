import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type * as pulumi from "@pulumi/pulumi";
import { AGENT_NAMESPACE } from "../compute/host-metrics.ts";
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
}

/** Processors that save up credits: the T families. */
const BURSTABLE = /^t\d/;

/** Every alarm of a platform on one server, by the role in its name. */
export function serverPlatformAlarms(watched: Watched): Readonly<Record<string, AlarmSpec>> {
  return { ...requestAlarms(watched), ...serverAlarms(watched), ...databaseAlarms(watched), ...backupAlarms(watched) };
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
        alarmDescription: "More than 1 % of the requests failed in three of five minutes.",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 1,
        datapointsToAlarm: 3,
        evaluationPeriods: 5,
        metricQueries: [
          { id: "errors", ...sum(REQUEST_METRICS.errors), returnData: false },
          { id: "requests", ...sum(REQUEST_METRICS.requests), returnData: false },
          { id: "rate", expression: "100 * errors / requests", label: "Failed requests in %", returnData: true },
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

function serverAlarms({ server }: Watched): Record<string, AlarmSpec> {
  const dimensions = { InstanceId: server.instanceId };
  const ec2 = { namespace: "AWS/EC2", dimensions };
  const agent = { namespace: AGENT_NAMESPACE, statistic: "Average", treatMissingData: "missing" };
  const alarms: Record<string, AlarmSpec> = {
    "server-health": {
      severity: "critical",
      args: {
        alarmDescription: "The server or its host failed its checks for three minutes.",
        ...above(0, 60, 3, 3),
        ...ec2,
        metricName: "StatusCheckFailed",
        statistic: "Maximum",
        // The checks report every minute; a server that says nothing is not well.
        treatMissingData: "breaching",
      },
    },
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
  return BURSTABLE.test(server.instanceType) ? { ...alarms, "server-credits": creditAlarm(ec2) } : alarms;
}

function creditAlarm(ec2: Pick<MetricAlarmArgs, "namespace" | "dimensions">): AlarmSpec {
  return {
    severity: "warning",
    args: {
      alarmDescription: "The processor credits are nearly used up; from there on every busy hour is charged.",
      comparisonOperator: "LessThanThreshold",
      threshold: 20,
      period: 300,
      datapointsToAlarm: 3,
      evaluationPeriods: 3,
      ...ec2,
      metricName: "CPUCreditBalance",
      statistic: "Minimum",
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
