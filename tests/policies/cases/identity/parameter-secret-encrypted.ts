import rule from "../../../../policies/rules/identity/parameter-secret-encrypted.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const PARAMETER = "aws:ssm/parameter:Parameter";
const saysOf = (field: string, what: string): string => `${field} holds what looks like ${what}; type must be "SecureString".`;

export default casesOf(rule, {
  passes: {
    "an encrypted password": { given: [PARAMETER, { name: "/shop/password", type: "SecureString", value: "hunter2" }] },
    "a plain setting": { given: [PARAMETER, { name: "/shop/log-level", type: "String", value: "info" }] },
  },
  fails: {
    "a plain password": {
      given: [PARAMETER, { name: "/shop/password", type: "String", value: "hunter2" }],
      says: saysOf("value", "a password"),
    },
    "the address of a database with its password": {
      given: [PARAMETER, { name: "/shop/database", type: "String", insecureValue: "postgres://shop:hunter2@db/shop" }],
      says: saysOf("insecureValue", "a password in an address"),
    },
  },
  unknown: {
    "a value that is not known": {
      given: [PARAMETER, { name: "/shop/database", type: "String", value: UNKNOWN }],
      open: "value",
    },
    "a type that is decided later": {
      given: [PARAMETER, { name: "/shop/password", type: UNKNOWN, value: "hunter2" }],
      open: "type",
    },
  },
  survives: {
    "name: *": "the value of an encrypted parameter, or a value that is no secret, may have any name",
    "value: *": "what else it may hold is encrypted, or no secret",
    "type: left out": "the provider's types demand a type",
    "type: empty": "AWS refuses what is no type",
    "type: another text": "AWS refuses what is no type",
  },
});
