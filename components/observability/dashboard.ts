import type * as pulumi from "@pulumi/pulumi";
import { AGENT_NAMESPACE } from "../compute/host-metrics.ts";
import { REQUEST_METRICS } from "./app-logs.ts";
import type { Watched } from "./watched.ts";

type Cell = pulumi.Input<string> | Readonly<Record<string, string>>;

/** A graph: what people read over it, the statistic, and a line for each metric. */
type Graph = readonly [title: string, stat: string, metrics: readonly (readonly Cell[])[]];

/** The dashboard of a platform: requests, then each part that it has, backups last. Two graphs a row, twelve columns each. */
export function platformDashboard(watched: Watched, region: string): object {
  return {
    widgets: graphsOf(watched).map(([title, stat, metrics], index) => ({
      type: "metric",
      x: (index % 2) * 12,
      y: Math.floor(index / 2) * 6,
      width: 12,
      height: 6,
      properties: { title, stat, metrics, region, period: 60, view: "timeSeries" },
    })),
  };
}

function graphsOf(watched: Watched): Graph[] {
  return [
    ...requestGraphs(watched),
    ...(watched.balancer ? balancerGraphs(watched.balancer) : []),
    ...(watched.server ? serverGraphs(watched.server) : []),
    ...groupGraphs(watched),
    ...databaseGraphs(watched),
    ...(watched.pooler ? poolerGraphs(watched.pooler) : []),
    ...(watched.cache ? cacheGraphs(watched.cache) : []),
    ...(watched.jobs ? jobGraphs(watched.jobs) : []),
    ...backupGraphs(watched),
  ];
}

function requestGraphs({ namespace }: Watched): Graph[] {
  const { errors, latency, requests } = REQUEST_METRICS;
  return [
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
  ];
}

function balancerGraphs({ arnSuffix, targets }: NonNullable<Watched["balancer"]>): Graph[] {
  const elb = (metric: string): Cell[] => ["AWS/ApplicationELB", metric, "LoadBalancer", arnSuffix];
  const failed = ["HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"];
  return [
    ["Load balancer: requests and failures a minute", "Sum", [elb("RequestCount"), ...failed.map(elb)]],
    [
      "Load balancer: seconds until servers answer",
      "p95",
      [elb("TargetResponseTime"), [...elb("TargetResponseTime"), { stat: "p50" }]],
    ],
    ...Object.entries(targets).map(([role, target]): Graph => [
      `Load balancer: healthy targets of ${role}, and others`,
      "Maximum",
      ["HealthyHostCount", "UnHealthyHostCount"].map((metric) => [...elb(metric), "TargetGroup", target]),
    ]),
  ];
}

function serverGraphs({ instanceId }: NonNullable<Watched["server"]>): Graph[] {
  const instance = ["InstanceId", instanceId];
  return [
    ["Server: processor in %", "Average", [["AWS/EC2", "CPUUtilization", ...instance]]],
    [
      "Server: memory and disk in %",
      "Average",
      [
        [AGENT_NAMESPACE, "mem_used_percent", ...instance],
        [AGENT_NAMESPACE, "disk_used_percent", ...instance, "path", "/"],
      ],
    ],
    ["Server: containers that run", "Average", [[AGENT_NAMESPACE, "procstat_lookup_pid_count", ...instance]]],
  ];
}

function groupGraphs({ groups = {} }: Watched): Graph[] {
  return Object.entries(groups).flatMap(([role, { groupName }]): Graph[] => {
    const group = ["AutoScalingGroupName", groupName];
    return [
      [
        `Servers of ${role}: processor, memory and disk in %`,
        "Average",
        [
          ["AWS/EC2", "CPUUtilization", ...group],
          [AGENT_NAMESPACE, "mem_used_percent", ...group],
          [AGENT_NAMESPACE, "disk_used_percent", ...group, "path", "/"],
        ],
      ],
      [
        `Servers of ${role}: how many`,
        "Average",
        ["GroupMinSize", "GroupInServiceInstances", "GroupDesiredCapacity", "GroupMaxSize"].map((metric) => [
          "AWS/AutoScaling",
          metric,
          ...group,
        ]),
      ],
    ];
  });
}

function databaseGraphs({ database, readers = false }: Watched): Graph[] {
  const cluster = ["DBClusterIdentifier", database.clusterIdentifier];
  const lag: Graph = [
    "Readers: behind the writer, in ms",
    "Maximum",
    [["AWS/RDS", "AuroraReplicaLag", ...cluster, "Role", "READER"]],
  ];
  return [
    ["Database: capacity in ACU", "Average", [["AWS/RDS", "ServerlessDatabaseCapacity", ...cluster]]],
    ["Database: connections", "Maximum", [["AWS/RDS", "DatabaseConnections", ...cluster]]],
    ...(readers ? [lag] : []),
  ];
}

function poolerGraphs({ proxyName }: NonNullable<Watched["pooler"]>): Graph[] {
  const proxy = (metric: string): Cell[] => ["AWS/RDS", metric, "ProxyName", proxyName];
  return [
    ["Pooler: connections of clients and to the database", "Maximum", ["ClientConnections", "DatabaseConnections"].map(proxy)],
    ["Pooler: wait for a connection, in microseconds", "p95", [proxy("DatabaseConnectionsBorrowLatency")]],
  ];
}

function cacheGraphs({ nodeIds }: NonNullable<Watched["cache"]>): Graph[] {
  const nodes = (metric: string): Cell[][] => nodeIds.map((id) => ["AWS/ElastiCache", metric, "CacheClusterId", id]);
  return [
    ["Cache: memory in %", "Maximum", nodes("DatabaseMemoryUsagePercentage")],
    ["Cache: hits, misses and evictions", "Sum", ["CacheHits", "CacheMisses", "Evictions"].flatMap(nodes)],
  ];
}

function jobGraphs({ failedName, queueName }: NonNullable<Watched["jobs"]>): Graph[] {
  const sqs = (metric: string, queue: Cell): Cell[] => ["AWS/SQS", metric, "QueueName", queue];
  const waiting = "ApproximateNumberOfMessagesVisible";
  return [
    ["Jobs: waiting and failed", "Maximum", [sqs(waiting, queueName), sqs(waiting, failedName)]],
    ["Jobs: age of the oldest, in s", "Maximum", [sqs("ApproximateAgeOfOldestMessage", queueName)]],
  ];
}

function backupGraphs({ backupVaultName }: Watched): Graph[] {
  return [
    [
      "Backups: failed copies and restores",
      "Sum",
      [
        ["AWS/Backup", "NumberOfBackupJobsFailed", "BackupVaultName", backupVaultName],
        ["AWS/Backup", "NumberOfRestoreJobsFailed", "BackupVaultName", backupVaultName],
      ],
    ],
  ];
}
