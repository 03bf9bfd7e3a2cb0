import type { BrokerArgs } from "@pulumi/aws/mq/broker.js";
import type { ClusterArgs } from "@pulumi/aws/msk/cluster.js";
import { beFalse, beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "broker-not-public",
  title: "A message broker has no public address",
  severity: "critical",
  description: "A broker on the internet is one guessed password away from everyone.",
  remediation: "Leave publiclyAccessible out. Of a Kafka cluster, leave connectivityInfo.publicAccess out.",
  controls: { fsbp: ["MSK.4"], pci4: ["1.4.4"], wellArchitected: ["SEC05"] },
  resources: {
    "aws:mq/broker:Broker": (broker: Resource<BrokerArgs>, { must }) => must(broker.at("publiclyAccessible"), beFalse),
    "aws:msk/cluster:Cluster": (cluster: Resource<ClusterArgs>, { must }) =>
      must(cluster.at("brokerNodeGroupInfo", "connectivityInfo").at("publicAccess", "type"), beNoneOf("SERVICE_PROVIDED_EIPS")),
  },
});
