import rule from "../../../../policies/rules/compute/user-data-without-secrets.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const INSTANCE = "aws:ec2/instance:Instance";
const CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const fetched = [
  "#!/bin/sh",
  'DATABASE_PASSWORD="$(aws secretsmanager get-secret-value --secret-id shop)"',
  "SECRET_ARN=arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!cluster-1",
  "PASSWORD_FILE=/run/secrets/database",
  "API_TOKEN=$TOKEN",
  "token: true",
].join("\n");
const saysOf = (what: string, path = "userData"): string => `${path} holds what looks like ${what}; it must hold no secret.`;

export default casesOf(rule, {
  passes: {
    "a script that fetches its secrets": { given: [INSTANCE, { userData: fetched }] },
    "the same in a launch template": { given: [TEMPLATE, { userData: base64(fetched) }] },
    "the same in a launch configuration": { given: [CONFIGURATION, { userData: fetched }] },
    "the same in Base64": { given: [INSTANCE, { userDataBase64: base64(fetched) }] },
    "no script": { given: [INSTANCE, {}] },
  },
  fails: {
    "a password in a script": { given: [INSTANCE, { userData: "export DB_PASSWORD=hunter2" }], says: saysOf("a password") },
    "a password in a launch template": {
      given: [TEMPLATE, { userData: base64("password: 'hunter2'") }],
      says: saysOf("a password"),
    },
    "a password in a launch configuration": {
      given: [CONFIGURATION, { userData: "secret=hunter2" }],
      says: saysOf("a password"),
    },
    "an access key in Base64": {
      given: [INSTANCE, { userDataBase64: base64("aws configure set aws_access_key_id AKIAIOSFODNN7EXAMPLE") }],
      says: saysOf("an access key of AWS", "userDataBase64"),
    },
    "a password in the address of a database": {
      given: [INSTANCE, { userData: "run --database postgres://shop:hunter2@db/shop" }],
      says: saysOf("a password in an address"),
    },
    "a private key": { given: [INSTANCE, { userData: "-----BEGIN RSA PRIVATE KEY-----" }], says: saysOf("a private key") },
    "a token of GitHub": {
      given: [INSTANCE, { userData: `git clone ghp_${"a".repeat(36)}` }],
      says: saysOf("a token of GitHub"),
    },
  },
  unknown: {
    "a script that is made of what is not known, beside one with a secret": {
      given: [INSTANCE, { userData: UNKNOWN, userDataBase64: base64("secret=hunter2") }],
      open: "userData",
      says: saysOf("a password", "userDataBase64"),
    },
  },
  survives: { "userData*: *": "another script without a secret" },
});
