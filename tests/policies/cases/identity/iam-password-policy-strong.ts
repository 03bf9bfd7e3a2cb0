import rule from "../../../../policies/rules/identity/iam-password-policy-strong.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const POLICY = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy";
const strong = {
  minimumPasswordLength: 14,
  passwordReusePrevention: 24,
  requireLowercaseCharacters: true,
  requireNumbers: true,
  requireSymbols: true,
  requireUppercaseCharacters: true,
};

export default casesOf(rule, {
  passes: { "a strong policy": { given: [POLICY, strong] } },
  fails: {
    "a short password": {
      given: [POLICY, { ...strong, minimumPasswordLength: 8 }],
      says: "minimumPasswordLength is 8; it must be at least 14 characters.",
    },
    "a policy that asks for nothing": {
      given: [POLICY, {}],
      says: [
        "minimumPasswordLength is nothing, which means 6; it must be at least 14 characters.",
        "passwordReusePrevention is nothing, which means 0; it must be at least 24 passwords.",
        "requireLowercaseCharacters is nothing; it must be true.",
        "requireNumbers is nothing; it must be true.",
        "requireSymbols is nothing; it must be true.",
        "requireUppercaseCharacters is nothing; it must be true.",
      ],
    },
  },
  unknown: {
    "a length that is decided later, beside a kind that is missing": {
      given: [POLICY, { ...strong, minimumPasswordLength: UNKNOWN, requireNumbers: false }],
      open: "minimumPasswordLength",
      says: "requireNumbers is false; it must be true.",
    },
  },
});
