import { beOneOf } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { kindOf, ofLoadBalancers } from "../../shared/load-balancers.ts";

export default rule({
  id: "load-balancer-desync-safe",
  title: "A load balancer keeps ambiguous requests from the servers",
  severity: "medium",
  description: "A request that two servers take for two different ones lets an attacker put the second in front of a stranger's.",
  remediation: 'Leave desyncMitigationMode out, which means "defensive", or set it to "strictest".',
  controls: { fsbp: ["ELB.12"], wellArchitected: ["SEC05"] },
  resources: ofLoadBalancers((balancer, { must }) => {
    if (kindOf(balancer) === "application")
      must(balancer.at("desyncMitigationMode").or("defensive"), beOneOf("defensive", "strictest"));
  }),
});
