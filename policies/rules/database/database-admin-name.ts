import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import { beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** What AWS suggests, and what every list of passwords to try begins with. */
const GUESSED = beNoneOf("admin", "administrator", "postgres", "root", "sa");

export default rule({
  id: "database-admin-name",
  title: "The administrator of a database has a name of its own",
  severity: "medium",
  description: "With the usual name, half of a login is known to everyone.",
  remediation:
    "Choose another masterUsername (cluster) or username (instance). The name of an existing database cannot be changed in place.",
  controls: { fsbp: ["RDS.24", "RDS.25"], pci4: ["2.2.2"], wellArchitected: ["SEC02"] },
  resources: {
    "aws:rds/cluster:Cluster": (cluster: Resource<ClusterArgs>, { must }) => must(cluster.at("masterUsername"), GUESSED),
    "aws:rds/instance:Instance": (instance: Resource<InstanceArgs>, { must }) => must(instance.at("username"), GUESSED),
  },
});
