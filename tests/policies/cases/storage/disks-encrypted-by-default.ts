import rule from "../../../../policies/rules/storage/disks-encrypted-by-default.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const SETTING = "aws:ebs/encryptionByDefault:EncryptionByDefault";

export default casesOf(rule, {
  passes: {
    "an account that encrypts": { given: [SETTING, { enabled: true }] },
    "a setting that says nothing more": { given: [SETTING, {}] },
  },
  fails: { "an account that does not": { given: [SETTING, { enabled: false }], says: "enabled is false; it must be true." } },
  unknown: { "a setting of which it is decided later": { given: [SETTING, { enabled: UNKNOWN }], open: "enabled" } },
  survives: { "enabled: left out": "the setting is on unless it is told otherwise" },
});
