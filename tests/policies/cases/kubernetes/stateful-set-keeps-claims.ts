import rule from "../../../../policies/rules/kubernetes/stateful-set-keeps-claims.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const SET = "kubernetes:apps/v1:StatefulSet";
const policy = (whenDeleted: unknown, whenScaled: unknown) =>
  [SET, { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled } } }] as const;
const KEEPS = "only the word Delete deletes, and to keep is what Kubernetes does by itself";

export default casesOf(rule, {
  passes: {
    "a set that keeps its data": { given: policy("Retain", "Retain") },
    "a set that says nothing of it": { given: [SET, {}] },
  },
  fails: {
    "a set that deletes with itself": {
      given: policy("Delete", "Retain"),
      says: 'spec.persistentVolumeClaimRetentionPolicy.whenDeleted is "Delete"; it must not be "Delete".',
    },
    "a set that deletes when it gets smaller": {
      given: policy("Retain", "Delete"),
      says: 'spec.persistentVolumeClaimRetentionPolicy.whenScaled is "Delete"; it must not be "Delete".',
    },
  },
  unknown: {
    "a policy that is chosen later": {
      given: policy(UNKNOWN, "Retain"),
      open: "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
    },
  },
  survives: { "spec*: left out": KEEPS, "spec*: empty": KEEPS, "spec*: another text": KEEPS },
});
