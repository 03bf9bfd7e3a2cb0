import rule from "../../../../policies/rules/kubernetes/pod-root-read-only.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

export default podCases(rule, {
  good: { "a container as it should be": { containers: [{ securityContext: { readOnlyRootFilesystem: true } }] } },
  bad: {
    "one container of several": {
      pod: {
        containers: [{ securityContext: { readOnlyRootFilesystem: true } }],
        initContainers: [{ securityContext: { readOnlyRootFilesystem: false } }],
      },
      says: "@.initContainers[0].securityContext.readOnlyRootFilesystem is false; it must be true.",
    },
    "a container that says nothing of it": {
      pod: { containers: [{}] },
      says: "@.containers[0].securityContext.readOnlyRootFilesystem is nothing; it must be true.",
    },
  },
  open: {
    "a container of which it is decided later": {
      pod: { containers: [{ securityContext: { readOnlyRootFilesystem: UNKNOWN } }] },
      open: "@.containers[0].securityContext.readOnlyRootFilesystem",
    },
  },
});
