import { maxConnections } from "../database/parameters.ts";
import { above, type Alarms, type AlarmSpec, reckoned } from "./alarm-spec.ts";
import type { Watched } from "./watched.ts";

/** The alarms of what keeps data or work: the database and what stands before it, the cache, the queue. */
export function storeAlarms(watched: Watched): Alarms {
  return {
    ...databaseAlarms(watched),
    ...(watched.readers === true && readerAlarms(watched)),
    ...(watched.pooler && poolerAlarms(watched.pooler)),
    ...(watched.cache && cacheAlarms(watched.cache)),
    ...(watched.jobs && jobAlarms(watched.jobs)),
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

function readerAlarms({ database: { clusterIdentifier } }: Watched): Alarms {
  return {
    "reader-lag": {
      severity: "warning",
      args: {
        alarmDescription: "A reader has been more than a second behind the writer in three of five minutes.",
        ...above(1000, 60, 3, 5),
        namespace: "AWS/RDS",
        metricName: "AuroraReplicaLag",
        dimensions: { DBClusterIdentifier: clusterIdentifier, Role: "READER" },
        statistic: "Maximum",
        treatMissingData: "missing",
      },
    },
  };
}

function poolerAlarms({ proxyName }: NonNullable<Watched["pooler"]>): Alarms {
  const rds = { namespace: "AWS/RDS", dimensions: { ProxyName: proxyName }, treatMissingData: "notBreaching" };
  return {
    "pooler-waits": {
      severity: "critical",
      args: {
        alarmDescription:
          "One client in twenty waited longer than 100 ms for a connection of the pooler in three of five minutes.",
        // In microseconds.
        ...above(100_000, 60, 3, 5),
        ...rds,
        metricName: "DatabaseConnectionsBorrowLatency",
        extendedStatistic: "p95",
      },
    },
    "pooler-pinned": {
      severity: "warning",
      args: {
        alarmDescription: "More than half of the pooler's connections have been held by one client each for fifteen minutes.",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 50,
        datapointsToAlarm: 3,
        evaluationPeriods: 3,
        metricQueries: reckoned({
          expression: "IF(open > 0, 100 * pinned / open, 0)",
          label: "Connections held by one client in %",
          from: {
            pinned: {
              namespace: "AWS/RDS",
              metricName: "DatabaseConnectionsCurrentlySessionPinned",
              stat: "Average",
              dimensions: { ProxyName: proxyName },
            },
            open: {
              namespace: "AWS/RDS",
              metricName: "DatabaseConnections",
              stat: "Average",
              dimensions: { ProxyName: proxyName },
            },
          },
          period: 300,
        }),
        treatMissingData: "notBreaching",
      },
    },
  };
}

function cacheAlarms({ nodeIds }: NonNullable<Watched["cache"]>): Alarms {
  /** The most that any node says: one that is short is a fault, however well the others are. */
  const most = (metricName: string, stat: string, label: string) => {
    const from = Object.fromEntries(
      nodeIds.map((CacheClusterId, index) => [
        `node${index + 1}`,
        { namespace: "AWS/ElastiCache", metricName, stat, dimensions: { CacheClusterId } },
      ]),
    );
    return reckoned({ expression: `MAX([${Object.keys(from).join(", ")}])`, label, from, period: 300 });
  };
  const lasting = { comparisonOperator: "GreaterThanThreshold", datapointsToAlarm: 3, evaluationPeriods: 3 };
  return {
    "cache-memory": {
      severity: "warning",
      args: {
        alarmDescription: "A node of the cache has used more than 95 % of its memory for fifteen minutes.",
        ...lasting,
        threshold: 95,
        metricQueries: most("DatabaseMemoryUsagePercentage", "Maximum", "Memory of the fullest node in %"),
        treatMissingData: "missing",
      },
    },
    "cache-evictions": {
      severity: "warning",
      args: {
        alarmDescription: "The cache has dropped more than 1,000 entries in each five of fifteen minutes to make room.",
        ...lasting,
        threshold: 1000,
        metricQueries: most("Evictions", "Sum", "Entries dropped in five minutes"),
        treatMissingData: "notBreaching",
      },
    },
    "cache-cpu": {
      severity: "warning",
      args: {
        alarmDescription: "The one thread of a cache's node that serves commands was busier than 80 % for fifteen minutes.",
        ...lasting,
        threshold: 80,
        metricQueries: most("EngineCPUUtilization", "Average", "Processor of the busiest node in %"),
        treatMissingData: "missing",
      },
    },
  };
}

function jobAlarms({
  failedName,
  longestWaitSeconds = 300,
  mostWaiting = 10_000,
  queueName,
}: NonNullable<Watched["jobs"]>): Alarms {
  // A queue that nobody has used for six hours says nothing, and nothing waits in it.
  const sqs = { namespace: "AWS/SQS", statistic: "Maximum", treatMissingData: "notBreaching" };
  return {
    "jobs-late": {
      severity: "critical",
      args: {
        alarmDescription: `The oldest job has waited longer than ${longestWaitSeconds} s in three of five minutes.`,
        ...above(longestWaitSeconds, 60, 3, 5),
        ...sqs,
        metricName: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: queueName },
      },
    },
    "jobs-waiting": {
      severity: "warning",
      args: {
        alarmDescription: `More than ${mostWaiting} jobs have waited for fifteen minutes.`,
        ...above(mostWaiting, 300, 3, 3),
        ...sqs,
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: queueName },
      },
    },
    "jobs-failed": {
      severity: "warning",
      args: {
        alarmDescription: "A job failed every time that it was tried, and has been set aside.",
        ...above(0, 60, 1, 1),
        ...sqs,
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: failedName },
      },
    },
  };
}
