import type { EventBusArgs } from "@pulumi/aws/cloudwatch/eventBus.js";
import type { EventBusPolicyArgs } from "@pulumi/aws/cloudwatch/eventBusPolicy.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

const POLICIES = ["aws:cloudwatch/eventBusPolicy:EventBusPolicy", "aws:cloudwatch/eventPermission:EventPermission"];

export default rule({
  id: "event-bus-has-policy",
  title: "An event bus says who may use it",
  severity: "low",
  description: "Without a policy of its own, a bus is as open as the permissions of every identity in the account.",
  remediation: "Add an aws.cloudwatch.EventBusPolicy that names who may put events.",
  controls: { fsbp: ["EventBridge.3"], wellArchitected: ["SEC03"] },
  level: "advisory",
  inStack: {
    "aws:cloudwatch/eventBus:EventBus": (bus: Resource<EventBusArgs>, { fail }, stack) => {
      if (stack.linked<EventBusPolicyArgs>(POLICIES, "eventBusName", bus).length === 0)
        fail(bus, "the bus has no EventBusPolicy", "it must have one");
    },
  },
});
