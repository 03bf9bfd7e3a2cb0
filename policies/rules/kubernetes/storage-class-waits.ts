import type { StorageClassArgs } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import { be } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "storage-class-waits",
  title: "A volume is made in the zone of the pod that uses it",
  severity: "medium",
  description: "A disk that is made at once may stand in a zone where its pod finds no node, and the pod waits for ever.",
  remediation: 'Set volumeBindingMode to "WaitForFirstConsumer".',
  controls: { wellArchitected: ["REL10"] },
  resources: {
    "kubernetes:storage.k8s.io/v1:StorageClass": (storage: Resource<StorageClassArgs>, { must }) =>
      must(storage.at("volumeBindingMode").or("Immediate"), be("WaitForFirstConsumer")),
  },
});
