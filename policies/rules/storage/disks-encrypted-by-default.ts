import type { EncryptionByDefaultArgs } from "@pulumi/aws/ebs/encryptionByDefault.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "disks-encrypted-by-default",
  title: "The account encrypts new disks by itself",
  severity: "medium",
  description: "The default holds for every new disk of the region, also for those that someone makes by hand.",
  remediation: "Leave enabled out of aws.ebs.EncryptionByDefault, or set it to true.",
  controls: { fsbp: ["EC2.7"], cisAws3: ["2.2.1"], cisAws5: ["5.1.1"], wellArchitected: ["SEC08"] },
  resources: {
    "aws:ebs/encryptionByDefault:EncryptionByDefault": (setting: Resource<EncryptionByDefaultArgs>, { must }) =>
      must(setting.at("enabled").or(true), beTrue),
  },
});
