import rule from "../../../../policies/rules/hygiene/stateful-protected.ts";
import { casesOf, forEach } from "../../support/cases.ts";

const TYPES = [...rule.checks.keys()];
const CLUSTER = "aws:rds/cluster:Cluster";

export default casesOf(rule, {
  passes: forEach(TYPES, "a %s that is protected", (type) => ({ given: [type, {}], protect: true })),
  fails: {
    "a cluster that is not protected": {
      given: [CLUSTER, { engine: "aurora-postgresql" }],
      says: "the resource is not protected; it must have the option protect: true.",
    },
    ...forEach(TYPES, "a %s that is not protected", (type) => ({
      given: [type, {}],
      says: "the resource is not protected; it must have the option protect: true.",
    })),
  },
  unknown: {},
  decidesByType: "protect is an option of the program and always known",
  skips: { "the sandbox": { given: [CLUSTER, {}], stack: "sandbox", because: 'the data of stack "sandbox" may be lost' } },
});
