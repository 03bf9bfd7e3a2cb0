import { rule } from "../../framework/rule.ts";
import { covers, nameOf, ofIdentityPolicies } from "../../shared/iam.ts";

export default rule({
  id: "key-use-narrow",
  title: "Nobody may decrypt with every key of the account",
  severity: "medium",
  description:
    "Who may decrypt with every key reads whatever data they come by, also of services that they have nothing to do with.",
  remediation: "Name the keys in Resource.",
  controls: { fsbp: ["KMS.1", "KMS.2"], wellArchitected: ["SEC08"] },
  resources: ofIdentityPolicies((statement, { each, fail }) => {
    const everyKey = statement
      .at("Resource")
      .items.some(({ value = "" }) => /^(\*|arn:aws[\w-]*:kms:[^:]*:[^:]*:(key\/)?\*)$/.test(value));
    if (!everyKey) return;
    each(statement.at("Action"), (action) => {
      const { value = "" } = action;
      const [decrypting] = ["kms:Decrypt", "kms:ReEncryptFrom"].filter((each) => covers(value, each));
      if (decrypting !== undefined)
        fail(
          action,
          `${nameOf(statement)} allows ${value === decrypting ? value : `${decrypting} (by ${value})`} with every key`,
          "it must name the keys",
        );
    });
  }),
});
