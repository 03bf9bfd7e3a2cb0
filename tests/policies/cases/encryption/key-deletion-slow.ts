import rule from "../../../../policies/rules/encryption/key-deletion-slow.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const KEY = "aws:kms/key:Key";

export default casesOf(rule, {
  passes: {
    "a key that waits for two weeks": { given: [KEY, { deletionWindowInDays: 14 }] },
    "a key that says nothing of it, and waits for thirty days": { given: [KEY, {}] },
    "a week, where a week is enough": { given: [KEY, { deletionWindowInDays: 7 }], config: { leastDays: 7 } },
  },
  fails: {
    "a key that waits for a week": {
      given: [KEY, { deletionWindowInDays: 7 }],
      says: "deletionWindowInDays is 7; it must be at least 14 days.",
    },
    "two weeks, where a month is wanted": {
      given: [KEY, { deletionWindowInDays: 14 }],
      config: { leastDays: 30 },
      says: "deletionWindowInDays is 14; it must be at least 30 days.",
    },
  },
  unknown: { "a time that is decided later": { given: [KEY, { deletionWindowInDays: UNKNOWN }], open: "deletionWindowInDays" } },
  skips: {
    "the sandbox": {
      given: [KEY, { deletionWindowInDays: 7 }],
      stack: "sandbox",
      because: 'the data of stack "sandbox" may be lost',
    },
  },
  survives: { "deletionWindowInDays: left out": "a key waits for thirty days unless it is told otherwise" },
});
