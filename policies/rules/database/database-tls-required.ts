import type { ClusterParameterGroupArgs } from "@pulumi/aws/rds/clusterParameterGroup.js";
import type { ParameterGroupArgs } from "@pulumi/aws/rds/parameterGroup.js";
import type { Check } from "../../framework/check.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** The parameter that refuses connections without TLS, by the family's name, and from which version on it is on by default. */
const SWITCHES: readonly { readonly family: RegExp; readonly parameter: string; readonly onSince: number }[] = [
  { family: /^aurora-postgresql(\d+)/, parameter: "rds.force_ssl", onSince: 17 },
  { family: /^postgres(\d+)/, parameter: "rds.force_ssl", onSince: 15 },
  { family: /^sqlserver-\w+-(\d+)/, parameter: "rds.force_ssl", onSince: Infinity },
  { family: /^(?:aurora-)?mysql(\d+)/, parameter: "require_secure_transport", onSince: Infinity },
  { family: /^mariadb(\d+)/, parameter: "require_secure_transport", onSince: Infinity },
];

export default rule({
  id: "database-tls-required",
  title: "A database refuses connections without TLS",
  severity: "high",
  description: "A client that forgets TLS sends its login and its data for everyone on the network to read, and nobody notices.",
  remediation:
    'Set rds.force_ssl (PostgreSQL, SQL Server) or require_secure_transport (MySQL, MariaDB) to "1" in the parameter group.',
  controls: { fsbp: ["RDS.41", "RDS.44"], wellArchitected: ["SEC09"] },
  resources: {
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": refused,
    "aws:rds/parameterGroup:ParameterGroup": (group: Resource<ParameterGroupArgs>, check) => {
      // In Aurora the switch belongs to the cluster.
      if (!(group.at("family").value ?? "").startsWith("aurora")) refused(group, check);
    },
  },
});

function refused(group: Resource<ClusterParameterGroupArgs | ParameterGroupArgs>, { fail }: Check<unknown>): void {
  const family = group.at("family").value ?? "";
  const known = SWITCHES.find((each) => each.family.test(family));
  if (known === undefined) return;
  const { family: pattern, onSince, parameter } = known;
  const parameters = group.at("parameters");
  const set = parameters.items.find((item) => item.at("name").value === parameter);
  const value = set?.at("value").value;
  if (value === undefined ? Number(pattern.exec(family)?.[1]) >= onSince : ["1", "on", "true"].includes(value.toLowerCase()))
    return;
  fail(set ?? parameters, `${parameter} is ${value === undefined ? "not set" : JSON.stringify(value)}`, 'it must be "1"');
}
