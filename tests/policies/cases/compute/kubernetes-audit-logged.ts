import rule from "../../../../policies/rules/compute/kubernetes-audit-logged.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:eks/cluster:Cluster";

export default casesOf(rule, {
  passes: {
    "a cluster that logs who asks": { given: [CLUSTER, { enabledClusterLogTypes: ["audit", "authenticator"] }] },
  },
  fails: {
    "a cluster that logs nothing": {
      given: [CLUSTER, {}],
      says: 'enabledClusterLogTypes is nothing; it must include "audit", "authenticator".',
    },
    "a cluster that logs other things": {
      given: [CLUSTER, { enabledClusterLogTypes: ["api", "authenticator"] }],
      says: 'enabledClusterLogTypes is ["api","authenticator"]; it must include "audit", "authenticator".',
    },
  },
  unknown: {
    "a list that is not known": { given: [CLUSTER, { enabledClusterLogTypes: UNKNOWN }], open: "enabledClusterLogTypes" },
  },
});
