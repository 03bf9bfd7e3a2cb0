import rule from "../../../../policies/rules/identity/iam-trust-not-public.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { ALLOWS_LESS } from "../../support/identities.ts";

const ROLE = "aws:iam/role:Role";
const trust = (Principal: unknown, more = {}) => ({
  assumeRolePolicy: { Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal, ...more }] },
});
const says = "assumeRolePolicy.Statement[0] lets everyone take the role; it must name who may.";

export default casesOf(rule, {
  passes: {
    "a role for servers": { given: [ROLE, trust({ Service: "ec2.amazonaws.com" })] },
    "a role for everyone of an organisation": {
      given: [ROLE, trust("*", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } })],
    },
    "a role for an account, as text": {
      given: [ROLE, { assumeRolePolicy: JSON.stringify(trust({ AWS: "arn:aws:iam::123456789012:root" }).assumeRolePolicy) }],
    },
  },
  fails: {
    "a role for everyone": { given: [ROLE, trust("*")], says },
    "a role for every account": { given: [ROLE, trust({ AWS: "*" })], says },
    "a role for every account that knows a word": {
      given: [ROLE, trust({ AWS: "*" }, { Condition: { StringEquals: { "sts:ExternalId": "word" } } })],
      says,
    },
    "text that is no policy": {
      given: [ROLE, { assumeRolePolicy: "anyone" }],
      says: "assumeRolePolicy is no JSON object; it must be a policy document.",
    },
  },
  unknown: {
    "a principal that is not made yet": {
      given: [ROLE, trust({ AWS: UNKNOWN })],
      open: "assumeRolePolicy.Statement[0].Principal.AWS",
    },
  },
  survives: {
    ...ALLOWS_LESS,
    "*.Action: unknown": "whatever it allows, it does not allow everyone",
    "*.Principal*": "someone else is not everyone, and nobody is refused by AWS",
    "*.Condition*: another text": "another organisation is not everyone",
  },
});
