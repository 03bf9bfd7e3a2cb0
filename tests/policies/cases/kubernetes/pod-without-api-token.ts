import rule from "../../../../policies/rules/kubernetes/pod-without-api-token.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

export default podCases(rule, {
  good: { "a pod without a token": { automountServiceAccountToken: false } },
  bad: {
    "a pod that says nothing of it": { pod: {}, says: "@.automountServiceAccountToken is nothing; it must be false." },
    "a pod with a token": {
      pod: { automountServiceAccountToken: true },
      says: "@.automountServiceAccountToken is true; it must be false.",
    },
  },
  open: {
    "a switch that is decided later": { pod: { automountServiceAccountToken: UNKNOWN }, open: "@.automountServiceAccountToken" },
  },
});
