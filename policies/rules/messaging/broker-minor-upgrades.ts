import type { BrokerArgs } from "@pulumi/aws/mq/broker.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "broker-minor-upgrades",
  title: "A message broker takes minor upgrades by itself",
  severity: "low",
  description:
    "Minor upgrades mend security faults. Amazon MQ ends its support of old versions and then upgrades them when it suits itself.",
  remediation: "Set autoMinorVersionUpgrade to true, and name a maintenance window in maintenanceWindowStartTime.",
  controls: { fsbp: ["MQ.3"], pci4: ["6.3.3"], wellArchitected: ["SEC06"] },
  resources: {
    "aws:mq/broker:Broker": (broker: Resource<BrokerArgs>, { must }) => must(broker.at("autoMinorVersionUpgrade"), beTrue),
  },
});
