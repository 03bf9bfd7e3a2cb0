import type { LoadBalancerArgs as ClassicArgs } from "@pulumi/aws/elb/loadBalancer.js";
import type { Check } from "../../framework/check.ts";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { kindOf, type LoadBalancer, ofLoadBalancers } from "../../shared/load-balancers.ts";

export default rule({
  id: "load-balancer-access-logged",
  title: "A load balancer logs the requests that it passes on",
  severity: "medium",
  description: "The log is the only place that holds every request, also those that no server answered.",
  remediation: "Set accessLogs with enabled true and a bucket that lets the service of the load balancer write.",
  controls: { fsbp: ["ELB.5"], pci4: ["10.2.1"], wellArchitected: ["SEC04"] },
  since: "scaled",
  resources: {
    ...ofLoadBalancers((balancer, check) => {
      // The others log TLS connections at most.
      if (kindOf(balancer) === "application") logged(balancer, check);
    }),
    "aws:elb/loadBalancer:LoadBalancer": (balancer: Resource<ClassicArgs>, { must }) =>
      // Of a classic one, a bucket is enough (provider's documentation of aws.elb.LoadBalancer).
      must(balancer.at("accessLogs", "enabled").or(balancer.at("accessLogs", "bucket").isSet), beTrue),
  },
});

function logged(balancer: LoadBalancer, { must }: Check<unknown>): void {
  must(balancer.at("accessLogs", "enabled"), beTrue);
}
