import rule from "../../../../policies/rules/compute/kubernetes-secrets-encrypted.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:eks/cluster:Cluster";
const says = 'encryptionConfig does not cover secrets; its resources must include "secrets".';

export default casesOf(rule, {
  passes: {
    "a cluster that encrypts its secrets": {
      given: [CLUSTER, { encryptionConfig: { resources: ["secrets"], provider: { keyArn: UNKNOWN } } }],
    },
  },
  fails: {
    "a cluster that says nothing of it": { given: [CLUSTER, {}], says },
    "a cluster that encrypts nothing": { given: [CLUSTER, { encryptionConfig: { resources: [] } }], says },
  },
  unknown: {
    "a list that is not known": {
      given: [CLUSTER, { encryptionConfig: { resources: UNKNOWN } }],
      open: "encryptionConfig.resources",
    },
  },
  survives: { "encryptionConfig.provider*: *": "the provider's types demand a key" },
});
