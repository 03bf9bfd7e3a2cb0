import { beTrue } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { kindOf, ofLoadBalancers } from "../../shared/load-balancers.ts";

export default rule({
  id: "load-balancer-drops-invalid-headers",
  title: "A load balancer drops headers that are not valid HTTP",
  severity: "medium",
  description:
    "Servers read a malformed header in different ways. That is how one request is smuggled in within another, past every check before the server.",
  remediation: "Set dropInvalidHeaderFields to true.",
  controls: { fsbp: ["ELB.4"], wellArchitected: ["SEC05"] },
  resources: ofLoadBalancers((balancer, { must }) => {
    if (kindOf(balancer) === "application") must(balancer.at("dropInvalidHeaderFields"), beTrue);
  }),
});
