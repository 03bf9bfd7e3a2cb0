import rule from "../../../../policies/rules/database/database-minor-upgrades.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = ["aws:rds/clusterInstance:ClusterInstance", "aws:rds/cluster:Cluster", "aws:rds/instance:Instance"];

export default casesOf(rule, {
  passes: {
    ...forEach(TYPES, "a %s that takes them", (type) => ({ given: [type, { autoMinorVersionUpgrade: true }] })),
    ...forEach(TYPES, "a %s that says nothing of it", (type) => ({ given: [type, {}] })),
  },
  fails: forEach(TYPES, "a %s that does not take them", (type) => ({
    given: [type, { autoMinorVersionUpgrade: false }],
    says: "autoMinorVersionUpgrade is false; it must be true.",
  })),
  unknown: forEach(TYPES, "a %s of which it is decided later", (type) => ({
    given: [type, { autoMinorVersionUpgrade: UNKNOWN }],
    open: "autoMinorVersionUpgrade",
  })),
  survives: { "autoMinorVersionUpgrade: left out": "a database takes minor versions unless it is told otherwise" },
});
