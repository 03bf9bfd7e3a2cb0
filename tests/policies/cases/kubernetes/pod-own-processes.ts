import rule from "../../../../policies/rules/kubernetes/pod-own-processes.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

export default podCases(rule, {
  good: { "a pod that does not share it": { hostPID: false }, "a pod that says nothing of it": {} },
  bad: { "a pod that shares it with its node": { pod: { hostPID: true }, says: "@.hostPID is true; it must be false." } },
  open: { "a pod of which it is decided later": { pod: { hostPID: UNKNOWN }, open: "@.hostPID" } },
  survives: { "*.hostPID: left out": "a pod shares nothing unless it is told to" },
});
