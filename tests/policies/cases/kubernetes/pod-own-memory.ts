import rule from "../../../../policies/rules/kubernetes/pod-own-memory.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

export default podCases(rule, {
  good: { "a pod that does not share it": { hostIPC: false }, "a pod that says nothing of it": {} },
  bad: { "a pod that shares it with its node": { pod: { hostIPC: true }, says: "@.hostIPC is true; it must be false." } },
  open: { "a pod of which it is decided later": { pod: { hostIPC: UNKNOWN }, open: "@.hostIPC" } },
  survives: { "*.hostIPC: left out": "a pod shares nothing unless it is told to" },
});
