import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { ClusterInstanceArgs } from "@pulumi/aws/rds/clusterInstance.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "database-in-several-zones",
  title: "A database stands in more than one availability zone",
  severity: "high",
  description: "A database in one zone is down as long as that zone is, and during every change that restarts it.",
  remediation: "Set multiAz to true, or give an Aurora cluster a second aws.rds.ClusterInstance: RDS puts it into another zone.",
  controls: { fsbp: ["RDS.5", "RDS.15"], cisAws5: ["2.2.4"], wellArchitected: ["REL10"] },
  since: "scaled",
  inStack: {
    "aws:rds/instance:Instance": (instance: Resource<InstanceArgs>, { must }) => {
      // A replica is itself the second copy.
      if (!instance.at("replicateSourceDb").isSet) must(instance.at("multiAz"), beTrue);
    },
    "aws:rds/cluster:Cluster": (cluster: Resource<ClusterArgs>, { fail }, stack) => {
      // Without Aurora a cluster is "Multi-AZ DB cluster": three instances in three zones, always.
      if (!(cluster.at("engine").value ?? "").startsWith("aurora")) return;
      const members = stack.linked<ClusterInstanceArgs>(
        "aws:rds/clusterInstance:ClusterInstance",
        "clusterIdentifier",
        cluster,
        2,
      );
      const count = members.length === 1 ? "1 instance" : `${String(members.length)} instances`;
      if (members.length < 2) fail(cluster, `the cluster has ${count}`, "it must have at least 2");
    },
  },
});
