import rule from "../../../../policies/rules/kubernetes/pod-own-network.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

export default podCases(rule, {
  good: { "a pod that does not share it": { hostNetwork: false }, "a pod that says nothing of it": {} },
  bad: { "a pod that shares it with its node": { pod: { hostNetwork: true }, says: "@.hostNetwork is true; it must be false." } },
  open: { "a pod of which it is decided later": { pod: { hostNetwork: UNKNOWN }, open: "@.hostNetwork" } },
  survives: { "*.hostNetwork: left out": "a pod shares nothing unless it is told to" },
});
