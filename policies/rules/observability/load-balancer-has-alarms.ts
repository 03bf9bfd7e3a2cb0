import type { Check } from "../../framework/check.ts";
import { rule } from "../../framework/rule.ts";
import type { Stack } from "../../framework/stack.ts";
import { mustBeAlarmed } from "../../shared/alarms.ts";
import { kindOf, type LoadBalancer } from "../../shared/load-balancers.ts";

export default rule({
  id: "load-balancer-has-alarms",
  title: "Somebody is told when a load balancer fails requests",
  severity: "high",
  description: "Errors that only the load balancer sees, because no server answers, are in no log of a server.",
  remediation:
    "Set alarms on the metrics that the message names, with arnSuffix of the load balancer as the dimension LoadBalancer.",
  controls: { wellArchitected: ["REL06", "OPS08"] },
  since: "scaled",
  config: {
    metrics: {
      type: "array",
      items: { type: "string" },
      default: ["HTTPCode_Target_5XX_Count", "UnHealthyHostCount"],
      description: "Metrics of an application load balancer that must have an alarm.",
    },
  },
  inStack: { "aws:lb/loadBalancer:LoadBalancer": watched, "aws:alb/loadBalancer:LoadBalancer": watched },
});

function watched(balancer: LoadBalancer, check: Check<{ readonly metrics: readonly string[] }>, stack: Stack): void {
  // The metrics of the others have other names.
  if (kindOf(balancer) !== "application") return;
  mustBeAlarmed(balancer, stack, check, { metrics: check.config.metrics, names: ["arnSuffix"], what: "the load balancer" });
}
