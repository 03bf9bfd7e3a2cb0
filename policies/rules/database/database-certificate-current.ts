import type { ClusterInstanceArgs } from "@pulumi/aws/rds/clusterInstance.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Check } from "../../framework/check.ts";
import { beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "database-certificate-current",
  title: "The certificate of a database comes from an authority that has not expired",
  severity: "high",
  description:
    "rds-ca-2015 expired in 2020 and rds-ca-2019 in August 2024. Clients that check certificates cannot connect; the others are not safe.",
  remediation: 'Leave caCertIdentifier out, or set it to one such as "rds-ca-rsa2048-g1".',
  controls: { wellArchitected: ["SEC09"] },
  resources: { "aws:rds/clusterInstance:ClusterInstance": current, "aws:rds/instance:Instance": current },
});

function current(database: Resource<ClusterInstanceArgs | InstanceArgs>, { must }: Check<unknown>): void {
  must(database.at("caCertIdentifier"), beNoneOf("rds-ca-2015", "rds-ca-2019"));
}
