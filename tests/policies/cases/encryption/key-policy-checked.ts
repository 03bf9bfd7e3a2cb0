import rule from "../../../../policies/rules/encryption/key-policy-checked.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = ["aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy"];

export default casesOf(rule, {
  passes: {
    ...forEach(TYPES, "a %s that AWS checks", (type) => ({ given: [type, { bypassPolicyLockoutSafetyCheck: false }] })),
    ...forEach(TYPES, "a %s that says nothing of it", (type) => ({ given: [type, {}] })),
  },
  fails: forEach(TYPES, "a %s that AWS does not check", (type) => ({
    given: [type, { bypassPolicyLockoutSafetyCheck: true }],
    says: "bypassPolicyLockoutSafetyCheck is true; it must be false.",
  })),
  unknown: {
    "a check of which it is decided later": {
      given: ["aws:kms/key:Key", { bypassPolicyLockoutSafetyCheck: UNKNOWN }],
      open: "bypassPolicyLockoutSafetyCheck",
    },
  },
  survives: { "bypassPolicyLockoutSafetyCheck: left out": "AWS checks unless it is told otherwise" },
});
