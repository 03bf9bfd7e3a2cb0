import type * as pulumi from "@pulumi/pulumi";
import { AGENT_NAMESPACE } from "../compute/host-metrics.ts";
import type { Watched } from "./alarms.ts";
import { REQUEST_METRICS } from "./app-logs.ts";

type Cell = pulumi.Input<string> | Readonly<Record<string, string>>;

/** The dashboard of a platform on one server: requests, the server, the database, backups. Two graphs a row, twelve columns each. */
export function serverPlatformDashboard(watched: Watched, region: string): object {
  const { backupVaultName, database, namespace, server } = watched;
  const { errors, latency, requests } = REQUEST_METRICS;
  const instance = ["InstanceId", server.instanceId];
  const cluster = ["DBClusterIdentifier", database.clusterIdentifier];
  const graphs: [string, string, Cell[][]][] = [
    [
      "Requests and failures a minute",
      "Sum",
      [
        [namespace, requests],
        [namespace, errors],
      ],
    ],
    [
      "Latency in ms",
      "p95",
      [
        [namespace, latency],
        [namespace, latency, { stat: "p50" }],
      ],
    ],
    ["Server: processor in %", "Average", [["AWS/EC2", "CPUUtilization", ...instance]]],
    [
      "Server: memory and disk in %",
      "Average",
      [
        [AGENT_NAMESPACE, "mem_used_percent", ...instance],
        [AGENT_NAMESPACE, "disk_used_percent", ...instance, "path", "/"],
      ],
    ],
    ["Database: capacity in ACU", "Average", [["AWS/RDS", "ServerlessDatabaseCapacity", ...cluster]]],
    ["Database: connections", "Maximum", [["AWS/RDS", "DatabaseConnections", ...cluster]]],
    ["Server: containers that run", "Average", [[AGENT_NAMESPACE, "procstat_lookup_pid_count", ...instance]]],
    [
      "Backups: failed copies and restores",
      "Sum",
      [
        ["AWS/Backup", "NumberOfBackupJobsFailed", "BackupVaultName", backupVaultName],
        ["AWS/Backup", "NumberOfRestoreJobsFailed", "BackupVaultName", backupVaultName],
      ],
    ],
  ];
  return {
    widgets: graphs.map(([title, stat, metrics], index) => ({
      type: "metric",
      x: (index % 2) * 12,
      y: Math.floor(index / 2) * 6,
      width: 12,
      height: 6,
      properties: { title, stat, metrics, region, period: 60, view: "timeSeries" },
    })),
  };
}
