import rule from "../../../../policies/rules/compute/server-group-bounds.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const GROUP = "aws:autoscaling/group:Group";

export default casesOf(rule, {
  passes: {
    "a group of two to six": { given: [GROUP, { minSize: 2, maxSize: 6 }] },
    "a group of one or two, where one is enough": { given: [GROUP, { minSize: 1, maxSize: 2 }], config: { leastServers: 1 } },
  },
  fails: {
    "a group of one to six": {
      given: [GROUP, { minSize: 1, maxSize: 6 }],
      says: "minSize is 1; it must be at least 2 servers.",
    },
    "a group of two, always": {
      given: [GROUP, { minSize: 2, maxSize: 2 }],
      says: "maxSize is 2; it must be more than minSize, which is 2.",
    },
  },
  unknown: {
    "a size that is decided later": { given: [GROUP, { minSize: UNKNOWN, maxSize: 6 }], open: "minSize" },
    "a limit that is decided later": {
      given: [GROUP, { minSize: 1, maxSize: UNKNOWN }],
      open: "maxSize",
      says: "minSize is 1; it must be at least 2 servers.",
    },
  },
});
