import rule from "../../../../policies/rules/kubernetes/namespace-chosen.ts";
import { casesOf, forEach, ref, UNKNOWN } from "../../support/cases.ts";

const TYPES = [...rule.checks.keys()];
const [first = ""] = TYPES;

export default casesOf(rule, {
  passes: {
    ...forEach(TYPES, "a %s in a namespace", (type) => ({ given: [type, { metadata: { namespace: "shop" } }] })),
    "a workload in a namespace that is made with it": {
      given: {
        space: ["kubernetes:core/v1:Namespace", {}],
        shop: [first, { metadata: { namespace: ref("space", "metadata") } }],
      },
      cannotBreak: "the cases before show what happens without the namespace",
    },
  },
  fails: {
    ...forEach(TYPES, "a %s that says nothing of it", (type) => ({
      given: [type, {}],
      says: "metadata.namespace is nothing; it must name one of its own.",
    })),
    "a workload in the default one": {
      given: [first, { metadata: { namespace: "default" } }],
      says: 'metadata.namespace is "default"; it must name one of its own.',
    },
  },
  unknown: {
    "a namespace that is not known": { given: [first, { metadata: { namespace: UNKNOWN } }], open: "metadata.namespace" },
  },
  survives: { "metadata.namespace: another text": "another namespace is not the default one" },
});
