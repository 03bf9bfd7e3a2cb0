import type { ClusterArgs } from "@pulumi/aws/redshift/cluster.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "warehouse-encrypted",
  title: "A data warehouse is encrypted at rest",
  severity: "high",
  description: "Disks and snapshots of a warehouse hold everything in one place; whoever gets hold of one reads it all.",
  remediation: "Leave encrypted out or set it to true, with a kmsKeyId of your own.",
  controls: { fsbp: ["Redshift.10"], pci4: ["3.5.1"], wellArchitected: ["SEC08"] },
  resources: {
    "aws:redshift/cluster:Cluster": (cluster: Resource<ClusterArgs>, { must }) => {
      // True is the default since version 7 of the provider.
      must(cluster.at("encrypted").or(true), beTrue);
    },
  },
});
