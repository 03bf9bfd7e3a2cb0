import { frontAlarms } from "./front-alarms.ts";
import { above, type Alarms, type AlarmSpec, LEAST_ERRORS } from "./alarm-spec.ts";
import { REQUEST_METRICS } from "./app-logs.ts";
import { serverAlarms } from "./server-alarms.ts";
import { storeAlarms } from "./store-alarms.ts";
import type { Watched } from "./watched.ts";

/** Every alarm of a platform, by the role in its name. A part that a stage adds brings its own; those of the others keep their names. */
export function platformAlarms(watched: Watched, region: string): Alarms {
  return {
    ...requestAlarms(watched),
    ...(watched.server && serverAlarms(watched.server, region)),
    ...frontAlarms(watched),
    ...storeAlarms(watched),
    ...backupAlarms(watched),
  };
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
