import rule from "../../../../policies/rules/kubernetes/disruption-budget-lets-drain.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
const LETS = "Kubernetes refuses what is no number, and any other lets a pod go";

export default casesOf(rule, {
  passes: {
    "a budget that lets one pod go": { given: [BUDGET, { spec: { maxUnavailable: 1 } }] },
    "a budget that keeps half": { given: [BUDGET, { spec: { minAvailable: "50%" } }] },
  },
  fails: {
    "a budget that lets none go": {
      given: [BUDGET, { spec: { maxUnavailable: 0 } }],
      says: 'spec.maxUnavailable is 0; it must be none of 0, "0", "0%".',
    },
    "a budget that keeps all": {
      given: [BUDGET, { spec: { minAvailable: "100%" } }],
      says: 'spec.minAvailable is "100%"; it must not be "100%".',
    },
  },
  unknown: {
    "a number that is decided later": { given: [BUDGET, { spec: { maxUnavailable: UNKNOWN } }], open: "spec.maxUnavailable" },
  },
  survives: { "spec: *": LETS, "spec.maxUnavailable: left out": LETS, "spec.minAvailable: *": LETS },
});
