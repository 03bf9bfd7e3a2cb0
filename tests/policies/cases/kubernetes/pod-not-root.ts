import rule from "../../../../policies/rules/kubernetes/pod-not-root.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

export default podCases(rule, {
  good: {
    "a container with a user": { containers: [{ securityContext: { runAsNonRoot: true, runAsUser: 1000 } }] },
    "a pod that says so for all": { securityContext: { runAsNonRoot: true }, containers: [{}] },
  },
  bad: {
    "a container that says nothing of it": {
      pod: { containers: [{}] },
      says: "runAsNonRoot of @.containers[0] is nothing; it must be true.",
    },
    "a container that says otherwise than its pod": {
      pod: {
        securityContext: { runAsNonRoot: true },
        containers: [{}],
        initContainers: [{ securityContext: { runAsNonRoot: false } }],
      },
      says: "runAsNonRoot of @.initContainers[0] is false; it must be true.",
    },
    "a container that names root": {
      pod: { containers: [{ securityContext: { runAsNonRoot: true, runAsUser: 0 } }] },
      says: "@.containers[0].securityContext.runAsUser is 0; it must be another user than root.",
    },
  },
  open: {
    "a container of which it is decided later": {
      pod: { containers: [{ securityContext: { runAsNonRoot: UNKNOWN } }] },
      open: "@.containers[0].securityContext.runAsNonRoot",
    },
  },
  survives: { "*.runAsUser: left out": "the image then says which user" },
});
