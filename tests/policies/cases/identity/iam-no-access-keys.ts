import rule from "../../../../policies/rules/identity/iam-no-access-keys.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const KEY = "aws:iam/accessKey:AccessKey";

export default casesOf(rule, {
  passes: { "a key that works no more": { given: [KEY, { status: "Inactive" }] } },
  fails: {
    "a key that works": { given: [KEY, { status: "Active" }], says: 'status is "Active"; it must be "Inactive".' },
    "a key that says nothing of it": {
      given: [KEY, {}],
      says: 'status is nothing, which means "Active"; it must be "Inactive".',
    },
  },
  unknown: { "a key of which it is decided later": { given: [KEY, { status: UNKNOWN }], open: "status" } },
});
