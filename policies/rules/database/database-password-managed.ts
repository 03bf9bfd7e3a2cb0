import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import { beLeftOut } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

const MANAGED = beLeftOut("be left to AWS by manageMasterUserPassword");

export default rule({
  id: "database-password-managed",
  title: "AWS makes, keeps and rotates the password of a database",
  severity: "high",
  description: "A password in a program is in its state, in its history and in everyone's checkout, and is never changed.",
  remediation: "Set manageMasterUserPassword to true and leave the password out; programs read it from Secrets Manager.",
  controls: { wellArchitected: ["SEC02"] },
  resources: {
    "aws:rds/cluster:Cluster": (cluster: Resource<ClusterArgs>, { must }) => must(cluster.at("masterPassword"), MANAGED),
    "aws:rds/instance:Instance": (instance: Resource<InstanceArgs>, { must }) => must(instance.at("password"), MANAGED),
  },
});
