import rule from "../../../../policies/rules/kubernetes/pod-not-privileged.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

export default podCases(rule, {
  good: {
    "a container as it should be": { containers: [{ securityContext: { privileged: false } }] },
    "a container that says nothing of it": { containers: [{}] },
  },
  bad: {
    "one container of several": {
      pod: {
        containers: [{ securityContext: { privileged: false } }],
        initContainers: [{ securityContext: { privileged: true } }],
      },
      says: "@.initContainers[0].securityContext.privileged is true; it must be false.",
    },
  },
  open: {
    "a container of which it is decided later": {
      pod: { containers: [{ securityContext: { privileged: UNKNOWN } }] },
      open: "@.containers[0].securityContext.privileged",
    },
  },
  survives: {
    "*.privileged: left out": "a container has no such power unless it is given it",
    "*.securityContext: left out": "a container has no such power unless it is given it",
    "*.securityContext: empty": "a container has no such power unless it is given it",
  },
});
