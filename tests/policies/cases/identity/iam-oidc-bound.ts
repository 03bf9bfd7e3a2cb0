import rule from "../../../../policies/rules/identity/iam-oidc-bound.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { ALLOWS_LESS } from "../../support/identities.ts";

const ROLE = "aws:iam/role:Role";
const PROVIDER = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
const SUBJECT = "token.actions.githubusercontent.com:sub";
const taken = (condition: object | undefined, federated: unknown = PROVIDER) => ({
  assumeRolePolicy: {
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: federated },
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  },
});
const says = "assumeRolePolicy.Statement[0] takes every token of its provider; it must name the subjects that it takes.";

export default casesOf(rule, {
  passes: {
    "a role for the main branch of one repository": {
      given: [ROLE, taken({ StringEquals: { [SUBJECT]: "repo:shop/platform:ref:refs/heads/main" } })],
    },
    "a role for the repositories of one owner": { given: [ROLE, taken({ StringLike: { [SUBJECT]: ["repo:shop/*"] } })] },
    "a role for servers": {
      given: [
        ROLE,
        {
          assumeRolePolicy: {
            Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } },
          },
        },
      ],
      cannotBreak: "it takes no tokens",
    },
    "a role for a pool of Cognito, whose conditions have other names": {
      given: [ROLE, taken(undefined, "cognito-identity.amazonaws.com")],
      cannotBreak: "another provider is another rule's subject",
    },
  },
  fails: {
    "a role for everyone who has a repository": {
      given: [ROLE, taken({ StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } })],
      says,
    },
    "a role without a condition": { given: [ROLE, taken(undefined)], says },
    "a subject that may be anything": { given: [ROLE, taken({ StringLike: { [SUBJECT]: "repo:*" } })], says },
    "a subject that may not be one": { given: [ROLE, taken({ StringNotEquals: { [SUBJECT]: "repo:bad/one:*" } })], says },
    "a subject that may be left out": { given: [ROLE, taken({ StringLikeIfExists: { [SUBJECT]: "repo:shop/*" } })], says },
  },
  unknown: {
    "a provider that is not made yet, without a subject": {
      given: [ROLE, taken(undefined, UNKNOWN)],
      open: "assumeRolePolicy.Statement[0].Principal.Federated",
    },
    "a subject that is not known": {
      given: [ROLE, taken({ StringEquals: { [SUBJECT]: UNKNOWN } })],
      open: `assumeRolePolicy.Statement[0].Condition.StringEquals["${SUBJECT}"]`,
    },
  },
  survives: {
    ...ALLOWS_LESS,
    "*.Principal*": "no token is taken from nobody, and a role that takes none is not asked",
    "*.Condition*: another text": "another subject is a subject",
  },
});
