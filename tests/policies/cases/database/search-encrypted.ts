import rule from "../../../../policies/rules/database/search-encrypted.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const DOMAIN = "aws:opensearch/domain:Domain";

export default casesOf(rule, {
  passes: {
    "a domain that is encrypted throughout": {
      given: [DOMAIN, { encryptAtRest: { enabled: true }, nodeToNodeEncryption: { enabled: true } }],
    },
  },
  fails: {
    "a domain that says nothing of it": {
      given: [DOMAIN, {}],
      says: ["encryptAtRest.enabled is nothing; it must be true.", "nodeToNodeEncryption.enabled is nothing; it must be true."],
    },
    "a domain with open talk between its nodes": {
      given: [DOMAIN, { encryptAtRest: { enabled: true }, nodeToNodeEncryption: { enabled: false } }],
      says: "nodeToNodeEncryption.enabled is false; it must be true.",
    },
  },
  unknown: {
    "a switch that is decided later": {
      given: [DOMAIN, { encryptAtRest: { enabled: UNKNOWN }, nodeToNodeEncryption: { enabled: true } }],
      open: "encryptAtRest.enabled",
    },
  },
});
