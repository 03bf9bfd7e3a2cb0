import type { StatefulSetArgs } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "stateful-set-keeps-claims",
  title: "The data of a StatefulSet outlives it",
  severity: "high",
  description: "With the policy Delete, removing the set, or making it smaller, deletes the volumes with what is on them.",
  remediation: 'Leave persistentVolumeClaimRetentionPolicy out, or set both of its fields to "Retain".',
  controls: { wellArchitected: ["REL09"] },
  resources: {
    "kubernetes:apps/v1:StatefulSet": (set: Resource<StatefulSetArgs>, { must }) => {
      const policy = set.at("spec", "persistentVolumeClaimRetentionPolicy");
      must(policy.at("whenDeleted"), beNoneOf("Delete"));
      must(policy.at("whenScaled"), beNoneOf("Delete"));
    },
  },
});
