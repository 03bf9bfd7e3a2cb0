import rule from "../../../../policies/rules/compute/server-group-from-template.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const GROUP = "aws:autoscaling/group:Group";

export default casesOf(rule, {
  passes: { "a group from a template": { given: [GROUP, { launchTemplate: { id: "lt-1", version: "3" } }] } },
  fails: {
    "a group from a launch configuration": {
      given: [GROUP, { launchConfiguration: "web-2019" }],
      says: 'launchConfiguration is "web-2019"; it must be left out in favour of launchTemplate.',
    },
  },
  unknown: {
    "a group that may be from either": { given: [GROUP, { launchConfiguration: UNKNOWN }], open: "launchConfiguration" },
  },
  survives: { "launchTemplate*: *": "AWS refuses a group of which nothing says what its servers are" },
});
