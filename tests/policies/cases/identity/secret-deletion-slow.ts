import rule from "../../../../policies/rules/identity/secret-deletion-slow.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const SECRET = "aws:secretsmanager/secret:Secret";

export default casesOf(rule, {
  passes: {
    "a secret with a week": { given: [SECRET, { recoveryWindowInDays: 7 }] },
    "a secret that says nothing of it": { given: [SECRET, {}] },
  },
  fails: {
    "a secret that is gone at once": {
      given: [SECRET, { recoveryWindowInDays: 0 }],
      says: "recoveryWindowInDays is 0; it must be at least 7 days.",
    },
  },
  unknown: {
    "days that are decided later": { given: [SECRET, { recoveryWindowInDays: UNKNOWN }], open: "recoveryWindowInDays" },
  },
  skips: { "the sandbox": { given: [SECRET, {}], stack: "sandbox", because: 'the data of stack "sandbox" may be lost' } },
  survives: { "recoveryWindowInDays: left out": "thirty days are what AWS takes by itself" },
});
