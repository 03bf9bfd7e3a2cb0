import rule from "../../../../policies/rules/encryption/key-not-public.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const KEY = "aws:kms/key:Key";
const POLICY = "aws:kms/keyPolicy:KeyPolicy";
const ACCOUNT = { AWS: "arn:aws:iam::123456789012:root" };
const allowing = (Principal: unknown, more = {}): { policy: string } => ({
  policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*", Principal, ...more }] }),
});
const says = "policy.Statement[0] lets everyone use the key; it must name who may, or bind them by a condition.";

export default casesOf(rule, {
  passes: {
    "a key for its account": { given: [KEY, allowing(ACCOUNT)] },
    "a policy for the account of a key": { given: [POLICY, allowing(ACCOUNT)] },
    "a key for everyone of its account": {
      given: [KEY, allowing("*", { Condition: { StringEquals: { "kms:CallerAccount": "123456789012" } } })],
    },
    "a key that says nothing, which is for its account": { given: [KEY, {}] },
  },
  fails: {
    "a key for everyone": { given: [KEY, allowing("*")], says },
    "a policy for every account": { given: [POLICY, allowing({ AWS: ["*"] })], says },
  },
  unknown: { "a policy that names what is not made yet": { given: [KEY, { policy: UNKNOWN }], open: "policy" } },
  survives: {
    "policy: left out": "a key without a policy is for its account",
    "policy: empty": "a key without a policy is for its account",
  },
});
