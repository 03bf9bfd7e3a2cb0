import type { StorageClassArgs } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** The drivers of EBS: of the cluster's own, and of EKS Auto Mode. */
const DRIVERS = ["ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com"];

export default rule({
  id: "storage-class-encrypted",
  title: "Volumes of a storage class are encrypted",
  severity: "high",
  description: "Every claim of the class makes a disk; without the word in the class, none of them is encrypted.",
  remediation: 'Set parameters.encrypted to "true", with a kmsKeyId of your own.',
  controls: { pci4: ["3.5.1"], wellArchitected: ["SEC08"] },
  resources: {
    "kubernetes:storage.k8s.io/v1:StorageClass": (storage: Resource<StorageClassArgs>, { must }) => {
      if (DRIVERS.includes(storage.at("provisioner").value ?? "")) must(storage.at("parameters").at("encrypted"), beTrue);
    },
  },
});
