import rule from "../../../../policies/rules/backup/backup-vault-own-key.ts";
import { casesOf, ref } from "../../support/cases.ts";
import { together } from "../../support/switches.ts";
import { setCases } from "../../support/values.ts";

const VAULT = "aws:backup/vault:Vault";

export default casesOf(
  rule,
  together(
    setCases(VAULT, "a vault", "kmsKeyArn", { value: "arn:aws:kms:eu-central-1:123456789012:key/1", wanted: "name a key" }),
    {
      passes: {
        "a key that is made in the same program": {
          given: { key: ["aws:kms/key:Key", {}], vault: [VAULT, { kmsKeyArn: ref("key", "arn") }] },
          cannotBreak: "the first case shows what happens without the key",
        },
      },
      fails: {},
      unknown: {},
    },
  ),
);
