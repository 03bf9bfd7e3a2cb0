import type { BrokerArgs } from "@pulumi/aws/mq/broker.js";
import { beOneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "broker-in-several-zones",
  title: "A message broker stands in more than one availability zone",
  severity: "medium",
  description: "A broker in one zone is down as long as that zone is, and in every maintenance window.",
  remediation: 'Set deploymentMode to "ACTIVE_STANDBY_MULTI_AZ" for ActiveMQ, to "CLUSTER_MULTI_AZ" for RabbitMQ.',
  controls: { securityHub: ["MQ.5", "MQ.6"], wellArchitected: ["REL10"] },
  since: "scaled",
  resources: {
    "aws:mq/broker:Broker": (broker: Resource<BrokerArgs>, { must }) =>
      must(broker.at("deploymentMode").or("SINGLE_INSTANCE"), beOneOf("ACTIVE_STANDBY_MULTI_AZ", "CLUSTER_MULTI_AZ")),
  },
});
