import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { mustBeAlarmed } from "../../shared/alarms.ts";

const metrics = (of: string, names: readonly string[]) =>
  ({
    type: "array",
    items: { type: "string" },
    default: names,
    description: `Metrics of ${of} that must have an alarm.`,
  }) as const;

export default rule({
  id: "database-has-alarms",
  title: "Somebody is told before a database is full or busy",
  severity: "high",
  description: "A database slows down for a long time before it stops; only an alarm uses that time.",
  remediation:
    "Set alarms on the metrics that the message names, with the dimension DBClusterIdentifier or DBInstanceIdentifier.",
  controls: { wellArchitected: ["REL06", "OPS08"] },
  config: {
    clusterMetrics: metrics("a cluster", ["CPUUtilization", "DatabaseConnections"]),
    serverlessMetrics: metrics("a cluster of Serverless v2", ["ACUUtilization", "DatabaseConnections"]),
    instanceMetrics: metrics("an instance", ["CPUUtilization", "FreeStorageSpace"]),
  },
  inStack: {
    "aws:rds/cluster:Cluster": (cluster: Resource<ClusterArgs>, check, stack) => {
      // Of a serverless cluster, the processor is busy at every size; how much of the range is used says whether it is full.
      const isServerless = cluster.at("serverlessv2ScalingConfiguration").isSet;
      mustBeAlarmed(cluster, stack, check, {
        metrics: isServerless ? check.config.serverlessMetrics : check.config.clusterMetrics,
        names: ["clusterIdentifier", "id"],
        what: "the cluster",
      });
    },
    "aws:rds/instance:Instance": (instance: Resource<InstanceArgs>, check, stack) => {
      mustBeAlarmed(instance, stack, check, {
        metrics: check.config.instanceMetrics,
        names: ["identifier"],
        what: "the instance",
      });
    },
  },
});
