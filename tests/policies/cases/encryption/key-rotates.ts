import rule from "../../../../policies/rules/encryption/key-rotates.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const KEY = "aws:kms/key:Key";
const OTHER_STORE = "the material of a key in another store is its owner's to renew";

export default casesOf(rule, {
  passes: {
    "a key that is renewed": { given: [KEY, { enableKeyRotation: true }] },
    "a key for signatures, which AWS cannot renew": { given: [KEY, { customerMasterKeySpec: "ECC_NIST_P256" }] },
    "a key in a store of its own": { given: [KEY, { customKeyStoreId: "cks-1" }] },
    "a key outside of AWS": { given: [KEY, { xksKeyId: "key-1" }] },
  },
  fails: {
    "a key that says nothing of it": { given: [KEY, {}], says: "enableKeyRotation is nothing; it must be true." },
    "a key that is not renewed": {
      given: [KEY, { enableKeyRotation: false, customerMasterKeySpec: "SYMMETRIC_DEFAULT" }],
      says: "enableKeyRotation is false; it must be true.",
    },
  },
  unknown: {
    "a key of which it is decided later": { given: [KEY, { enableKeyRotation: UNKNOWN }], open: "enableKeyRotation" },
    "a kind of key that is not known": { given: [KEY, { customerMasterKeySpec: UNKNOWN }], open: "customerMasterKeySpec" },
  },
  survives: {
    "customerMasterKeySpec: *": "another kind of key cannot be renewed either",
    "customKeyStoreId: another text": OTHER_STORE,
    "xksKeyId: another text": OTHER_STORE,
  },
});
