import rule from "../../../../policies/rules/kubernetes/pod-says-when-ready.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

export default podCases(rule, {
  good: { "a container with a probe": { containers: [{ readinessProbe: { httpGet: { path: "/readyz", port: 8080 } } }] } },
  bad: {
    "a container without one": {
      pod: { containers: [{}], initContainers: [{}] },
      says: "@.containers[0].readinessProbe is nothing; it must say how to find out.",
    },
  },
  open: {
    "a probe that is decided later": {
      pod: { containers: [{ readinessProbe: UNKNOWN }] },
      open: "@.containers[0].readinessProbe",
    },
  },
  survives: { "*.readinessProbe.httpGet*": "Kubernetes refuses a probe that asks nothing" },
});
