import rule from "../../../../policies/rules/identity/iam-no-wildcard-actions.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { ALLOWS_LESS } from "../../support/identities.ts";

const POLICY = "aws:iam/policy:Policy";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const allowing = (action: unknown, more = {}): object => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: action, Resource: "*", ...more }],
});

export default casesOf(rule, {
  passes: {
    "a policy that names its actions": { given: [POLICY, { policy: JSON.stringify(allowing(["s3:GetObject", "s3:List*"])) }] },
    "an object in place of text": {
      given: [ROLE_POLICY, { policy: { Statement: [{ Effect: "Allow", Action: ["s3:GetObject"] }] } }],
    },
    "a wildcard that denies": {
      given: ["aws:iam/userPolicy:UserPolicy", { policy: JSON.stringify({ Statement: { Effect: "Deny", Action: "*" } }) }],
    },
    "a role whose inline policies name their actions": {
      given: ["aws:iam/role:Role", { inlinePolicies: [{ name: "read", policy: JSON.stringify(allowing("s3:GetObject")) }] }],
    },
    "a wildcard that the project accepts": {
      given: ["aws:iam/groupPolicy:GroupPolicy", { policy: JSON.stringify(allowing("cloudwatch:*")) }],
      config: { allowed: ["cloudwatch:*"] },
    },
  },
  fails: {
    "a policy that allows everything": {
      given: [POLICY, { policy: JSON.stringify(allowing("*")) }],
      says: "policy.Statement[0] allows *; it must name the actions that it allows.",
    },
    "whole services, in a statement with a name": {
      given: [ROLE_POLICY, { policy: JSON.stringify(allowing(["s3:*", "sqs:SendMessage", "sqs:*"], { Sid: "Work" })) }],
      says: [
        'statement "Work" allows s3:*; it must name the actions that it allows.',
        'statement "Work" allows sqs:*; it must name the actions that it allows.',
      ],
    },
    "everything but a few": {
      given: [
        "aws:iam/userPolicy:UserPolicy",
        { policy: { Statement: [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }] } },
      ],
      says: "policy.Statement[0] allows all but its NotAction; it must name the actions that it allows.",
    },
    "a role with a wildcard in an inline policy": {
      given: ["aws:iam/role:Role", { inlinePolicies: [{ name: "all", policy: JSON.stringify(allowing("s3:*")) }] }],
      says: "inlinePolicies[0].policy.Statement[0] allows s3:*; it must name the actions that it allows.",
    },
    "text that is no policy": {
      given: ["aws:iam/groupPolicy:GroupPolicy", { policy: "allow all" }],
      says: "policy is no JSON object; it must be a policy document.",
    },
  },
  unknown: {
    "a policy that names a resource which is not made yet": { given: [POLICY, { policy: UNKNOWN }], open: "policy" },
    "an action that is not known beside one that is wrong": {
      given: [ROLE_POLICY, { policy: { Statement: [{ Effect: "Allow", Action: [UNKNOWN, "s3:*"] }] } }],
      open: "policy.Statement[0].Action[0]",
      says: "policy.Statement[0] allows s3:*; it must name the actions that it allows.",
    },
  },
  survives: {
    ...ALLOWS_LESS,
    "inlinePolicies*": "a name allows nothing, and without a policy nothing is allowed",
  },
});
