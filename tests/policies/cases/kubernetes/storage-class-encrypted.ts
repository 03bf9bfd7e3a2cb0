import rule from "../../../../policies/rules/kubernetes/storage-class-encrypted.ts";
import { casesOf } from "../../support/cases.ts";
import { onCases, together } from "../../support/switches.ts";

const CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
const EBS = { provisioner: "ebs.csi.aws.com" };
const OTHER = "other drivers have other words for it";

export default casesOf(
  rule,
  together(onCases(CLASS, "a class", "parameters.encrypted", EBS), {
    passes: {
      "a class that says it in words": { given: [CLASS, { ...EBS, parameters: { encrypted: "true" } }] },
      "a class of another driver": { given: [CLASS, { provisioner: "efs.csi.aws.com" }] },
    },
    fails: {},
    unknown: {},
    survives: { "provisioner: *": OTHER },
  }),
);
