import rule from "../../../../policies/rules/database/cache-minor-upgrades.ts";
import { GROUP } from "../../support/caches.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = [GROUP, "aws:elasticache/cluster:Cluster"];

export default casesOf(rule, {
  passes: {
    ...forEach(TYPES, "a %s that takes them", (type) => ({ given: [type, { autoMinorVersionUpgrade: true }] })),
    ...forEach(TYPES, "a %s that says nothing of it", (type) => ({ given: [type, {}] })),
  },
  fails: forEach(TYPES, "a %s that takes none", (type) => ({
    given: [type, { autoMinorVersionUpgrade: false }],
    says: "autoMinorVersionUpgrade is false; it must be true.",
  })),
  unknown: {
    "a switch that is decided later": { given: [GROUP, { autoMinorVersionUpgrade: UNKNOWN }], open: "autoMinorVersionUpgrade" },
  },
  survives: { "autoMinorVersionUpgrade: left out": "a cache takes them unless it is told otherwise" },
});
