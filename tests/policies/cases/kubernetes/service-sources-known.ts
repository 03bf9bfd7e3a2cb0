import rule from "../../../../policies/rules/kubernetes/service-sources-known.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const SERVICE = "kubernetes:core/v1:Service";
const SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme";
const wanted = "it must be internal, or say who may reach it.";
const NONE = "no load balancer is made";

export default casesOf(rule, {
  passes: {
    "a load balancer for one office": {
      given: [SERVICE, { spec: { type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24"] } }],
    },
    "an internal load balancer": {
      given: [SERVICE, { metadata: { annotations: { [SCHEME]: "internal" } }, spec: { type: "LoadBalancer" } }],
    },
    "a service inside the cluster": { given: [SERVICE, { spec: { type: "ClusterIP" } }], cannotBreak: "it has no load balancer" },
  },
  fails: {
    "a load balancer that says nothing of it": {
      given: [SERVICE, { spec: { type: "LoadBalancer" } }],
      says: `the load balancer is open to everyone; ${wanted}`,
    },
    "a load balancer for everyone": {
      given: [SERVICE, { spec: { type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24", "0.0.0.0/0"] } }],
      says: `the load balancer is open to "0.0.0.0/0"; ${wanted}`,
    },
  },
  unknown: {
    "a range that is not known": {
      given: [SERVICE, { spec: { type: "LoadBalancer", loadBalancerSourceRanges: [UNKNOWN] } }],
      open: "spec.loadBalancerSourceRanges[0]",
    },
  },
  survives: {
    "spec: *": NONE,
    "spec.type: *": NONE,
    "spec.loadBalancerSourceRanges[0]: empty": "Kubernetes refuses what is no range",
  },
});
