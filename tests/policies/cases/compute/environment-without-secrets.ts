import rule from "../../../../policies/rules/compute/environment-without-secrets.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { task } from "../../support/containers.ts";

const FUNCTION = "aws:lambda/function:Function";
const PROJECT = "aws:codebuild/project:Project";
const ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop";
const NO_SECRET = "what is left holds no secret";
const saysOf = (name: string, what = "a password"): string => `${name} holds what looks like ${what}; it must hold no secret.`;

export default casesOf(rule, {
  passes: {
    "a function that is told where its secret is": {
      given: [FUNCTION, { environment: { variables: { DATABASE_SECRET_ARN: ARN, DATABASE_PASSWORD: ARN } } }],
    },
    "a container that is told where its secret is": { given: task({ environment: [{ name: "SECRET_ARN", value: ARN }] }) },
    "a build that has its secret fetched": {
      given: [
        PROJECT,
        { environment: { environmentVariables: [{ name: "API_TOKEN", value: "shop/token", type: "SECRETS_MANAGER" }] } },
      ],
    },
    "a function without an environment": { given: [FUNCTION, {}] },
  },
  fails: {
    "a function with a password": {
      given: [FUNCTION, { environment: { variables: { DB_PASSWORD: "hunter2", LOG_LEVEL: "info" } } }],
      says: saysOf("DB_PASSWORD"),
    },
    "a container with the address of a database": {
      given: task({ environment: [{ name: "DATABASE_URL", value: "postgres://shop:hunter2@db/shop" }] }),
      says: saysOf("DATABASE_URL", "a password in an address"),
    },
    "a build with an access key": {
      given: [PROJECT, { environment: { environmentVariables: [{ name: "AWS_ACCESS_KEY_ID", value: "AKIAIOSFODNN7EXAMPLE" }] } }],
      says: saysOf("AWS_ACCESS_KEY_ID", "an access key of AWS"),
    },
  },
  unknown: {
    "a variable whose value is not known, beside a password": {
      given: [FUNCTION, { environment: { variables: { TABLE: UNKNOWN, API_TOKEN: "hunter2" } } }],
      open: "environment.variables.TABLE",
      says: saysOf("API_TOKEN"),
    },
    "a build variable of a type that is not known": {
      given: [PROJECT, { environment: { environmentVariables: [{ name: "TOKEN", value: "hunter2", type: UNKNOWN }] } }],
      open: "environment.environmentVariables[0].type",
    },
  },
  survives: {
    "environment*: left out": NO_SECRET,
    "environment*: empty": NO_SECRET,
    "environment.environmentVariables[0].type: another text": "a type that does not exist is refused by AWS",
    "environment.environmentVariables[0].name: *": "whatever it is called, its value says where the secret is",
    "environment.environmentVariables[0].value: *": "whatever it says, it says where the secret is",
    "environment.variables.DATABASE_SECRET_ARN: another text": "the name says that it is no secret",
  },
});
