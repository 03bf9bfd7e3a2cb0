import type { BrokerArgs } from "@pulumi/aws/mq/broker.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "broker-logged",
  title: "A message broker sends its logs to CloudWatch",
  severity: "medium",
  description: "After an incident, nobody can say who connected and who changed what.",
  remediation: "Set logs.general to true, and for ActiveMQ also logs.audit.",
  controls: { fsbp: ["MQ.2"], pci4: ["10.2.1"], wellArchitected: ["SEC04"] },
  resources: {
    "aws:mq/broker:Broker": (broker: Resource<BrokerArgs>, { apart, must }) => {
      must(broker.at("logs", "general"), beTrue);
      apart(() => {
        // RabbitMQ has no audit log (Amazon MQ Developer Guide, "Logging").
        if (broker.at("engineType").value?.toLowerCase() !== "rabbitmq") must(broker.at("logs", "audit"), beTrue);
      });
    },
  },
});
