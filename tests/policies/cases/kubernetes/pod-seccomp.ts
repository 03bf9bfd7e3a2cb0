import rule from "../../../../policies/rules/kubernetes/pod-seccomp.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

const profile = (type: unknown) => ({ securityContext: { seccompProfile: { type } } });
const wanted = 'it must be one of "RuntimeDefault", "Localhost".';

export default podCases(rule, {
  good: {
    "a pod with a profile": { ...profile("RuntimeDefault"), containers: [{}] },
    "a container with a profile of its own": { containers: [profile("Localhost")] },
  },
  bad: {
    "a container that says nothing of it": {
      pod: { containers: [{}] },
      says: `the seccomp profile of @.containers[0] is nothing; ${wanted}`,
    },
    "a container that may do everything": {
      pod: { ...profile("RuntimeDefault"), containers: [profile("Unconfined")] },
      says: `the seccomp profile of @.containers[0] is "Unconfined"; ${wanted}`,
    },
  },
  open: {
    "a profile that is chosen later": {
      pod: { containers: [profile(UNKNOWN)] },
      open: "@.containers[0].securityContext.seccompProfile.type",
    },
  },
});
