import type { ServiceArgs } from "@pulumi/kubernetes/core/v1/service.js";
import { beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "service-not-on-nodes",
  title: "A service takes no port on every node",
  severity: "medium",
  description: "A NodePort is open on all nodes, past the load balancer, its TLS and its log.",
  remediation: 'Use the type "ClusterIP" behind an Ingress, or "LoadBalancer".',
  controls: { wellArchitected: ["SEC05"] },
  resources: {
    "kubernetes:core/v1:Service": (service: Resource<ServiceArgs>, { must }) =>
      must(service.at("spec", "type"), beNoneOf("NodePort")),
  },
});
