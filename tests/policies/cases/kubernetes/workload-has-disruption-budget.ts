import rule from "../../../../policies/rules/kubernetes/workload-has-disruption-budget.ts";
import { casesOf, type FixtureResource, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"];
const budget = (matchLabels: unknown): FixtureResource => [
  "kubernetes:policy/v1:PodDisruptionBudget",
  { spec: { selector: { matchLabels } } },
];
const inputs = { spec: { template: { metadata: { labels: { app: "shop", tier: "web" } } } } };
const says = "shop: no PodDisruptionBudget selects its pods; one must.";

export default casesOf(rule, {
  passes: forEach(TYPES, "a %s with a budget", (type) => ({ given: { shop: [type, inputs], budget: budget({ app: "shop" }) } })),
  fails: {
    ...forEach(TYPES, "a %s without one", (type) => ({ given: { shop: [type, inputs] }, says })),
    "a workload beside the budget of another": {
      given: { shop: [TYPES[0] ?? "", inputs], budget: budget({ app: "shop", tier: "jobs" }) },
      says,
    },
    "a budget that selects by nothing": { given: { shop: [TYPES[0] ?? "", inputs], budget: budget({}) }, says },
  },
  unknown: {
    "labels that are decided later": {
      given: { shop: [TYPES[0] ?? "", inputs], budget: budget(UNKNOWN) },
      open: "shop: budget.spec.selector.matchLabels",
    },
  },
  survives: { "shop: *.tier: *": "the budget does not ask for this label" },
});
