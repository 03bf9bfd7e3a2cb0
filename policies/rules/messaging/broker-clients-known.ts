import type { ClusterArgs } from "@pulumi/aws/msk/cluster.js";
import { beFalse } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "broker-clients-known",
  title: "A Kafka cluster knows who its clients are",
  severity: "high",
  description: "Without authentication whatever reaches the port reads, writes and deletes every topic.",
  remediation: "Set clientAuthentication.sasl.iam to true, and leave unauthenticated out.",
  controls: { fsbp: ["MSK.6"], wellArchitected: ["SEC02"] },
  resources: {
    "aws:msk/cluster:Cluster": (cluster: Resource<ClusterArgs>, { apart, fail, must }) => {
      const clients = cluster.at("clientAuthentication");
      must(clients.at("unauthenticated"), beFalse);
      apart(() => {
        const ways = [clients.at("sasl", "iam"), clients.at("sasl", "scram")];
        if (!ways.some(({ value }) => value === true) && !clients.at("tls", "certificateAuthorityArns").isSet)
          fail(clients, "clientAuthentication names no way to know a client", "it must turn on sasl.iam, sasl.scram or tls");
      });
    },
  },
});
