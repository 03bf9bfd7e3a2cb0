import rule from "../../../../policies/rules/database/database-tags-on-snapshots.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = ["aws:rds/cluster:Cluster", "aws:rds/instance:Instance"];

export default casesOf(rule, {
  passes: forEach(TYPES, "a %s that copies its tags", (type) => ({ given: [type, { copyTagsToSnapshot: true }] })),
  fails: {
    ...forEach(TYPES, "a %s that says nothing of it", (type) => ({
      given: [type, {}],
      says: "copyTagsToSnapshot is nothing; it must be true.",
    })),
    ...forEach(TYPES, "a %s that does not", (type) => ({
      given: [type, { copyTagsToSnapshot: false }],
      says: "copyTagsToSnapshot is false; it must be true.",
    })),
  },
  unknown: forEach(TYPES, "a %s of which it is decided later", (type) => ({
    given: [type, { copyTagsToSnapshot: UNKNOWN }],
    open: "copyTagsToSnapshot",
  })),
});
