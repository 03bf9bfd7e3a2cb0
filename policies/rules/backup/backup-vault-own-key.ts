import type { VaultArgs } from "@pulumi/aws/backup/vault.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "backup-vault-own-key",
  title: "Backups are encrypted with a key of ours",
  severity: "medium",
  description:
    "A backup under the key that AWS manages can be copied to no other account, which is where it is safe from a thief of this one.",
  remediation: "Set kmsKeyArn to the ARN of an aws.kms.Key.",
  controls: { fsbp: ["Backup.1"], wellArchitected: ["SEC08", "REL09"] },
  resources: {
    "aws:backup/vault:Vault": (vault: Resource<VaultArgs>, { must }) => {
      // A key that is made in the same program is one, whatever its ARN will be.
      const { kmsKeyArn: sources = [] } = vault.propertyDependencies;
      if (sources.length === 0) must(vault.at("kmsKeyArn"), beSet("name a key"));
    },
  },
});
