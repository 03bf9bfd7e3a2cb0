import type { ClusterInstanceArgs } from "@pulumi/aws/rds/clusterInstance.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Check } from "../../framework/check.ts";
import { beAtLeast } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "database-monitored",
  title: "The operating system of a database is measured",
  severity: "low",
  description:
    "CloudWatch's own figures come from outside of the instance; memory, swap and processes are seen from inside only.",
  remediation: "Set monitoringInterval to 60 or less and monitoringRoleArn to a role with AmazonRDSEnhancedMonitoringRole.",
  controls: { fsbp: ["RDS.6"], wellArchitected: ["REL06"] },
  level: "advisory",
  resources: { "aws:rds/clusterInstance:ClusterInstance": measured, "aws:rds/instance:Instance": measured },
});

function measured(database: Resource<ClusterInstanceArgs | InstanceArgs>, { must }: Check<unknown>): void {
  must(database.at("monitoringInterval").or(0), beAtLeast(1, "seconds"));
}
