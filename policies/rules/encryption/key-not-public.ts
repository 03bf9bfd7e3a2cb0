import { rule } from "../../framework/rule.ts";
import { closedToEveryone } from "../../shared/iam.ts";

const closed = closedToEveryone("use the key");

export default rule({
  id: "key-not-public",
  title: "No policy opens a key to everyone",
  severity: "critical",
  description: "With the key, whoever got hold of encrypted data reads it, from any account.",
  remediation: "Name who may use the key in Principal, or bind the statement by a condition such as kms:CallerAccount.",
  controls: { fsbp: ["KMS.5"], wellArchitected: ["SEC08"] },
  resources: { "aws:kms/key:Key": closed, "aws:kms/keyPolicy:KeyPolicy": closed },
});
