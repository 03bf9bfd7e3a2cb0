import rule from "../../../../policies/rules/identity/iam-pass-role-narrow.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { ALLOWS_LESS_OF_LESS, held, managed } from "../../support/identities.ts";

const narrow = { Effect: "Allow", Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/shop-server" };
const wide = { ...narrow, Resource: "*" };
const says = "policy.Statement[0] lets every role be passed on; it must name the roles, or the services that receive them.";

export default casesOf(rule, {
  passes: {
    ...held("one role", narrow, (given) => ({ given })),
    "every role for one service": {
      given: managed({ ...wide, Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } } }),
    },
    "other permissions over every role": { given: managed({ ...wide, Action: "iam:GetRole" }) },
  },
  fails: {
    ...held("every role", wide, (given, path) => ({
      given,
      says: `${path}.Statement[0] lets every role be passed on; it must name the roles, or the services that receive them.`,
    })),
    "every role of an account, by a wildcard": {
      given: managed({ ...narrow, Action: ["iam:*"], Resource: ["arn:aws:iam::123456789012:role/*"] }),
      says,
    },
    "a condition that binds no service": {
      given: managed({ ...wide, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      says,
    },
  },
  unknown: {
    "a role that is not made yet": { given: managed({ ...narrow, Resource: UNKNOWN }), open: "policy.Statement[0].Resource" },
  },
  survives: {
    ...ALLOWS_LESS_OF_LESS,
    "inlinePolicies*": "less is allowed",
    "*.Action: unknown": "over one role any action is allowed",
    "*.Condition*PassedToService*": "which services receive roles is for people to judge",
  },
});
