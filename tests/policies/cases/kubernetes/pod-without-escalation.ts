import rule from "../../../../policies/rules/kubernetes/pod-without-escalation.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

export default podCases(rule, {
  good: { "a container as it should be": { containers: [{ securityContext: { allowPrivilegeEscalation: false } }] } },
  bad: {
    "one container of several": {
      pod: {
        containers: [{ securityContext: { allowPrivilegeEscalation: false } }],
        initContainers: [{ securityContext: { allowPrivilegeEscalation: true } }],
      },
      says: "@.initContainers[0].securityContext.allowPrivilegeEscalation is true; it must be false.",
    },
    "a container that says nothing of it": {
      pod: { containers: [{}] },
      says: "@.containers[0].securityContext.allowPrivilegeEscalation is nothing; it must be false.",
    },
  },
  open: {
    "a container of which it is decided later": {
      pod: { containers: [{ securityContext: { allowPrivilegeEscalation: UNKNOWN } }] },
      open: "@.containers[0].securityContext.allowPrivilegeEscalation",
    },
  },
});
