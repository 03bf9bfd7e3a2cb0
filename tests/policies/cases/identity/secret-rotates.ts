import rule from "../../../../policies/rules/identity/secret-rotates.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const SECRET = "aws:secretsmanager/secret:Secret";
const rotation = (rotationRules: unknown, secretId: unknown = ref("token")): FixtureResource => [
  "aws:secretsmanager/secretRotation:SecretRotation",
  { secretId, rotationRules },
];

export default casesOf(rule, {
  passes: {
    "a secret that is renewed each month": { given: { token: [SECRET, {}], monthly: rotation({ automaticallyAfterDays: 30 }) } },
    "a secret that is renewed on a schedule": {
      given: { token: [SECRET, {}], monthly: rotation({ scheduleExpression: "rate(30 days)" }) },
    },
  },
  fails: {
    "a secret that stays": {
      given: { token: [SECRET, {}] },
      says: "token: the secret has no SecretRotation; it must have one.",
    },
    "a secret that is renewed each year": {
      given: { token: [SECRET, {}], yearly: rotation({ automaticallyAfterDays: 365 }) },
      says: "token: yearly.rotationRules.automaticallyAfterDays is 365; it must be at most 90 days.",
    },
    "a secret whose renewal says nothing of when": {
      given: { token: [SECRET, {}], never: rotation({}) },
      says: "token: never.rotationRules.automaticallyAfterDays is nothing; it must be at most 90 days.",
    },
  },
  unknown: {
    "a renewal of which nobody knows whose it is": {
      given: { token: [SECRET, {}], monthly: rotation({ automaticallyAfterDays: 30 }, UNKNOWN) },
      open: "token: monthly.secretId",
    },
    "days that are decided later": {
      given: { token: [SECRET, {}], monthly: rotation({ automaticallyAfterDays: UNKNOWN }) },
      open: "token: monthly.rotationRules.automaticallyAfterDays",
    },
  },
  survives: { "monthly: rotationRules.scheduleExpression: another text": "AWS refuses what is no schedule" },
});
