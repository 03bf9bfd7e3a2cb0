import rule from "../../../../policies/rules/identity/iam-no-privilege-escalation.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { ALLOWS_LESS, ALLOWS_LESS_OF_LESS, held, managed } from "../../support/identities.ts";

const BOUNDED = { StringEquals: { "iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/bounds" } };
const narrow = { Effect: "Allow", Action: ["iam:AttachRolePolicy"], Resource: "arn:aws:iam::123456789012:role/shop-*" };
const wide = { ...narrow, Resource: "*" };

export default casesOf(rule, {
  passes: {
    ...held("a permission over named roles", narrow, (given) => ({ given })),
    "a permission that is bound to a boundary": {
      given: managed({ ...wide, Condition: BOUNDED }),
      cannotBreak: "any condition may bind it; which one does is for people to judge",
    },
    "permissions that give no others": {
      given: managed({ Effect: "Allow", Action: ["iam:GetRole", "s3:GetObject"], Resource: "*" }),
    },
  },
  fails: {
    ...held("a permission over every role", wide, (given, path) => ({
      given,
      says: `${path}.Statement[0] allows iam:AttachRolePolicy on everything; it must name its resources.`,
    })),
    "a wildcard that covers one": {
      given: managed({ ...wide, Action: "iam:Put*", Sid: "Put" }),
      says: 'statement "Put" allows iam:PutGroupPolicy (by iam:Put*) on everything; it must name its resources.',
    },
  },
  unknown: {
    "resources that are not known": { given: managed({ ...narrow, Resource: UNKNOWN }), open: "policy.Statement[0].Resource" },
    "an action that is not known beside one that is wrong": {
      given: managed({ ...wide, Action: [UNKNOWN, "iam:CreateAccessKey"] }),
      open: "policy.Statement[0].Action[0]",
      says: "policy.Statement[0] allows iam:CreateAccessKey on everything; it must name its resources.",
    },
  },
  survives: {
    ...ALLOWS_LESS_OF_LESS,
    ...ALLOWS_LESS,
    "inlinePolicies*": "less is allowed",
    "*.Action*: unknown": "over named roles any action is allowed",
  },
});
