import rule from "../../../../policies/rules/kubernetes/pod-own-account.ts";
import { ref, UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

const wanted = "it must name an account of its own.";
const cases = podCases(rule, {
  good: { "a pod with an account": { serviceAccountName: "shop" } },
  bad: {
    "a pod that says nothing of it": { pod: {}, says: `@.serviceAccountName is nothing; ${wanted}` },
    "a pod of the default account": {
      pod: { serviceAccountName: "default" },
      says: `@.serviceAccountName is "default"; ${wanted}`,
    },
  },
  open: { "a name that is not known": { pod: { serviceAccountName: UNKNOWN }, open: "@.serviceAccountName" } },
  survives: { "*.serviceAccountName: another text": "another account is one as well" },
});

export default {
  ...cases,
  passes: {
    ...cases.passes,
    "a pod with an account that is made with it": {
      given: {
        account: ["kubernetes:core/v1:ServiceAccount", {}],
        shop: ["kubernetes:core/v1:Pod", { spec: { serviceAccountName: ref("account", "name") } }],
      },
      cannotBreak: "the first case shows what happens without the name",
    },
  },
};
