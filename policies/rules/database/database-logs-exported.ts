import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Check } from "../../framework/check.ts";
import { beSet, include } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** The logs that control RDS.9 of Security Hub asks of each engine; the first name that the engine's name begins with. */
const LOGS: readonly (readonly [engine: string, logs: readonly string[]])[] = [
  ["aurora-postgresql", ["postgresql"]],
  ["aurora", ["audit", "error", "general", "slowquery"]],
  ["postgres", ["postgresql", "upgrade"]],
  ["mysql", ["audit", "error", "general", "slowquery"]],
  ["mariadb", ["audit", "error", "general", "slowquery"]],
  ["oracle", ["alert", "audit", "trace", "listener"]],
  ["custom-oracle", ["alert", "audit", "trace", "listener"]],
  ["sqlserver", ["error", "agent"]],
];

export default rule({
  id: "database-logs-exported",
  title: "A database sends its logs to CloudWatch",
  severity: "medium",
  description: "Logs that stay in the database are lost with it and are rotated away within days.",
  remediation: "Name the logs of the engine in enabledCloudwatchLogsExports.",
  controls: { fsbp: ["RDS.9", "RDS.34", "RDS.36", "RDS.37", "RDS.40", "RDS.42"], pci4: ["10.2.1"], wellArchitected: ["SEC04"] },
  config: {
    without: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: 'Logs that are not asked for, such as "general", which holds every statement.',
    },
  },
  resources: {
    "aws:rds/cluster:Cluster": exported,
    "aws:rds/instance:Instance": (instance: Resource<InstanceArgs>, check) => {
      // A replica takes over its engine from its source, so nothing here tells which logs it has.
      if (!instance.at("replicateSourceDb").isSet) exported(instance, check);
    },
  },
});

function exported(
  database: Resource<ClusterArgs | InstanceArgs>,
  { config, must }: Check<{ readonly without: readonly string[] }>,
): void {
  const engine = database.at("engine").value ?? "";
  const logs = LOGS.find(([name]) => engine.startsWith(name))?.[1].filter((log) => !config.without.includes(log));
  must(database.at("enabledCloudwatchLogsExports"), logs === undefined ? beSet("name the logs of its engine") : include(...logs));
}
