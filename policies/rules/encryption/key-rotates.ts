import type { KeyArgs } from "@pulumi/aws/kms/key.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "key-rotates",
  title: "A key is renewed every year",
  severity: "medium",
  description:
    "The longer the same key material is used, the more is readable with it once it is known. AWS keeps the old material for what it encrypted.",
  remediation: "Set enableKeyRotation to true.",
  controls: { securityHub: ["KMS.4"], cisAws3: ["3.6"], cisAws5: ["3.6"], pci4: ["3.7.4"], wellArchitected: ["SEC08"] },
  resources: {
    "aws:kms/key:Key": (key: Resource<KeyArgs>, { must }) => {
      // AWS rotates symmetric keys of its own making only (KMS Developer Guide, "Rotate AWS KMS keys").
      const spec = key.at("customerMasterKeySpec").value ?? "SYMMETRIC_DEFAULT";
      if (spec !== "SYMMETRIC_DEFAULT" || key.at("customKeyStoreId").isSet || key.at("xksKeyId").isSet) return;
      must(key.at("enableKeyRotation"), beTrue);
    },
  },
});
