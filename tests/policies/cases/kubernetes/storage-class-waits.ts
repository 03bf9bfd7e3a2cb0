import rule from "../../../../policies/rules/kubernetes/storage-class-waits.ts";
import { casesOf } from "../../support/cases.ts";
import { choiceCases } from "../../support/values.ts";

export default casesOf(
  rule,
  choiceCases("kubernetes:storage.k8s.io/v1:StorageClass", "a class", "volumeBindingMode", {
    right: ["WaitForFirstConsumer"],
    wrong: "Immediate",
    leftOut: "Immediate",
  }),
);
