import { rule } from "../../framework/rule.ts";
import { ofLoadBalancers } from "../../shared/load-balancers.ts";

export default rule({
  id: "load-balancer-in-several-zones",
  title: "A load balancer stands in more than one availability zone",
  severity: "medium",
  description: "A load balancer in one zone is gone with that zone, and all that stands behind it in others with it.",
  remediation: "Name subnets of two zones or more in subnets or subnetMappings.",
  controls: { fsbp: ["ELB.13"], wellArchitected: ["REL10"] },
  since: "scaled",
  resources: ofLoadBalancers((balancer, { fail }) => {
    const subnets = balancer.at("subnets");
    const count = subnets.items.length + balancer.at("subnetMappings").items.length;
    // A subnet lies in one zone, and a load balancer takes no two of the same zone (ELB API Reference, CreateLoadBalancer).
    if (count < 2)
      fail(subnets, `it has ${count === 1 ? "1 subnet" : "no subnet"}`, "it must have at least 2, each in a zone of its own");
  }),
});
