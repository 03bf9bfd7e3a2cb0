import type { ClusterArgs as DocumentArgs } from "@pulumi/aws/docdb/cluster.js";
import type { ClusterArgs as GraphArgs } from "@pulumi/aws/neptune/cluster.js";
import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "database-encrypted",
  title: "A database is encrypted at rest",
  severity: "high",
  description:
    "Unencrypted storage lets whoever gets hold of a disk or a snapshot read the data. It cannot be encrypted later in place.",
  remediation:
    "Set storageEncrypted to true. A database that exists is encrypted by copying it: take a snapshot, copy it with a key, and restore the copy.",
  controls: {
    fsbp: ["RDS.3", "RDS.27", "DocumentDB.1", "Neptune.1"],
    cisAws3: ["2.3.1"],
    cisAws5: ["2.2.1"],
    wellArchitected: ["SEC08"],
  },
  resources: {
    "aws:rds/cluster:Cluster": (cluster: Resource<ClusterArgs>, { must }) => {
      // A cluster that follows a global one, or is a copy of another in the region, takes over what its source has.
      if (!cluster.at("replicationSourceIdentifier").isSet) must(cluster.at("storageEncrypted"), beTrue);
    },
    "aws:docdb/cluster:Cluster": (cluster: Resource<DocumentArgs>, { must }) => {
      // A member of a global cluster takes it over from the primary.
      if (!cluster.at("globalClusterIdentifier").isSet) must(cluster.at("storageEncrypted"), beTrue);
    },
    "aws:neptune/cluster:Cluster": (cluster: Resource<GraphArgs>, { must }) => {
      if (!cluster.at("replicationSourceIdentifier").isSet) must(cluster.at("storageEncrypted"), beTrue);
    },
    "aws:rds/instance:Instance": (instance: Resource<InstanceArgs>, { must }) => {
      // A replica in the same region takes over what its source has, and may not say otherwise.
      if (!instance.at("replicateSourceDb").isSet) must(instance.at("storageEncrypted"), beTrue);
    },
  },
});
