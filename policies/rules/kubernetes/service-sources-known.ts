import type { ServiceArgs } from "@pulumi/kubernetes/core/v1/service.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** What makes the load balancer of AWS an internal one (AWS Load Balancer Controller, "NLB annotations"). */
const INTERNAL = "service.beta.kubernetes.io/aws-load-balancer-scheme";

export default rule({
  id: "service-sources-known",
  title: "A load balancer of a service is internal, or says who may reach it",
  severity: "high",
  description:
    "A service of the type LoadBalancer is open to the whole internet unless it says otherwise, past any firewall of the Ingress.",
  remediation: `Set the annotation ${INTERNAL} to "internal", or name ranges in spec.loadBalancerSourceRanges.`,
  controls: { pci4: ["1.4.4"], wellArchitected: ["SEC05"] },
  resources: {
    "kubernetes:core/v1:Service": (service: Resource<ServiceArgs>, { each, fail }) => {
      if (service.at("spec", "type").value !== "LoadBalancer") return;
      if (service.at("metadata", "annotations").at(INTERNAL).value === "internal") return;
      const ranges = service.at("spec", "loadBalancerSourceRanges");
      const wanted = "it must be internal, or say who may reach it";
      if (!ranges.isSet) fail(ranges, "the load balancer is open to everyone", wanted);
      each(ranges, (range) => {
        if (/\/0$/.test(range.value ?? "")) fail(range, `the load balancer is open to ${range.shown}`, wanted);
      });
    },
  },
});
