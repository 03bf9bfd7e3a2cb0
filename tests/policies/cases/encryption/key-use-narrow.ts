import rule from "../../../../policies/rules/encryption/key-use-narrow.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { ALLOWS_LESS_OF_LESS, held, managed } from "../../support/identities.ts";

const narrow = { Effect: "Allow", Action: ["kms:Decrypt"], Resource: "arn:aws:kms:eu-central-1:123456789012:key/0702e972" };
const wide = { ...narrow, Resource: "*" };

export default casesOf(rule, {
  passes: {
    ...held("one key", narrow, (given) => ({ given })),
    "encryption with every key": { given: managed({ ...wide, Action: "kms:Encrypt" }) },
  },
  fails: {
    ...held("every key", wide, (given, path) => ({
      given,
      says: `${path}.Statement[0] allows kms:Decrypt with every key; it must name the keys.`,
    })),
    "every key of a region, by a wildcard": {
      given: managed({ ...wide, Action: "kms:Re*", Resource: ["arn:aws:kms:eu-central-1:123456789012:key/*"] }),
      says: "policy.Statement[0] allows kms:ReEncryptFrom (by kms:Re*) with every key; it must name the keys.",
    },
  },
  unknown: {
    "a key that is not made yet": { given: managed({ ...narrow, Resource: [UNKNOWN] }), open: "policy.Statement[0].Resource[0]" },
  },
  survives: {
    ...ALLOWS_LESS_OF_LESS,
    "inlinePolicies*": "less is allowed",
    "*.Action*: unknown": "with one key any action is allowed",
  },
});
