import type { Check } from "../../framework/check.ts";
import { beTrue } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { ofLoadBalancers } from "../../shared/load-balancers.ts";
import { skipThrowawayStacks, throwawayStacks } from "../../shared/throwaway.ts";

export default rule({
  id: "load-balancer-protected-from-deletion",
  title: "A load balancer cannot be deleted by accident",
  severity: "medium",
  description: "With the load balancer goes its address: everyone is locked out until names point to another one.",
  remediation: "Set enableDeletionProtection to true.",
  controls: { fsbp: ["ELB.6"], wellArchitected: ["REL08"] },
  config: throwawayStacks,
  resources: ofLoadBalancers((balancer, check: Check<{ readonly throwawayStacks: readonly string[] }>) => {
    skipThrowawayStacks(balancer, check);
    check.must(balancer.at("enableDeletionProtection"), beTrue);
  }),
});
