import type { ClusterArgs } from "@pulumi/aws/msk/cluster.js";
import { be, beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "broker-tls",
  title: "A Kafka cluster speaks TLS, to clients and among its brokers",
  severity: "medium",
  description: "Without TLS, records cross the network for everyone on it to read and to change.",
  remediation: 'Leave encryptionInTransit out, or set clientBroker to "TLS" and inCluster to true.',
  controls: { fsbp: ["MSK.1"], pci4: ["4.2.1"], wellArchitected: ["SEC09"] },
  resources: {
    "aws:msk/cluster:Cluster": (cluster: Resource<ClusterArgs>, { must }) => {
      // Both are on when nothing is said (MSK API Reference, EncryptionInTransit).
      const transit = cluster.at("encryptionInfo", "encryptionInTransit");
      must(transit.at("inCluster").or(true), beTrue);
      must(transit.at("clientBroker").or("TLS"), be("TLS"));
    },
  },
});
