import rule from "../../../../policies/rules/compute/kubernetes-version-supported.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:eks/cluster:Cluster";

export default casesOf(rule, {
  passes: {
    "a cluster of the oldest version in support": { given: [CLUSTER, { version: "1.34" }] },
    "a cluster of a later one": { given: [CLUSTER, { version: "1.36" }] },
    "a cluster of an older one, where that is still allowed": {
      given: [CLUSTER, { version: "1.31" }],
      config: { leastVersion: "1.31" },
    },
    "a cluster that takes the newest": { given: [CLUSTER, {}] },
  },
  fails: {
    "a cluster of a version that is out of support": {
      given: [CLUSTER, { version: "1.29" }],
      says: 'version is "1.29"; it must be at least 1.34.',
    },
    "a cluster of what is no version": {
      given: [CLUSTER, { version: "latest" }],
      says: 'version is "latest"; it must be at least 1.34.',
    },
  },
  unknown: { "a version that is chosen later": { given: [CLUSTER, { version: UNKNOWN }], open: "version" } },
  survives: { "version: left out": "the newest is what AWS takes by itself" },
});
