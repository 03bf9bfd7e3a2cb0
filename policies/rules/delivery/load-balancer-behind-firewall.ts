import type { WebAclAssociationArgs } from "@pulumi/aws/wafv2/webAclAssociation.js";
import { rule } from "../../framework/rule.ts";
import type { Stack } from "../../framework/stack.ts";
import type { Check } from "../../framework/check.ts";
import { kindOf, type LoadBalancer } from "../../shared/load-balancers.ts";

export default rule({
  id: "load-balancer-behind-firewall",
  title: "A public load balancer stands behind a web application firewall",
  severity: "medium",
  description: "A firewall turns away known attacks and floods before they cost the servers anything.",
  remediation: "Add an aws.wafv2.WebAcl, and an aws.wafv2.WebAclAssociation with the ARN of the load balancer.",
  controls: { securityHub: ["ELB.16"], wellArchitected: ["SEC05"] },
  since: "distributed",
  inStack: { "aws:lb/loadBalancer:LoadBalancer": guarded, "aws:alb/loadBalancer:LoadBalancer": guarded },
});

function guarded(balancer: LoadBalancer, { fail }: Check<unknown>, stack: Stack): void {
  if (kindOf(balancer) !== "application" || balancer.at("internal").value === true) return;
  const links = stack.linked<WebAclAssociationArgs>("aws:wafv2/webAclAssociation:WebAclAssociation", "resourceArn", balancer);
  if (links.length === 0) fail(balancer, "the load balancer has no WebAclAssociation", "it must have one, as it is public");
}
