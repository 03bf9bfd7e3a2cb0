import rule from "../../../../policies/rules/compute/kubernetes-endpoint-private.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:eks/cluster:Cluster";
const wanted = "endpointPublicAccess must be false, or publicAccessCidrs must name who may reach it.";

export default casesOf(rule, {
  passes: {
    "a cluster without a public endpoint": { given: [CLUSTER, { vpcConfig: { endpointPublicAccess: false } }] },
    "a cluster with a public endpoint for one office": {
      given: [CLUSTER, { vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] } }],
    },
  },
  fails: {
    "a cluster that says nothing of it": {
      given: [CLUSTER, { vpcConfig: { subnetIds: ["subnet-a"] } }],
      says: `the API is open to everyone; ${wanted}`,
    },
    "a cluster whose range is the whole internet": {
      given: [CLUSTER, { vpcConfig: { publicAccessCidrs: ["203.0.113.0/24", "0.0.0.0/0"] } }],
      says: `the API is open to "0.0.0.0/0"; ${wanted}`,
    },
  },
  unknown: {
    "a switch that is decided later": {
      given: [CLUSTER, { vpcConfig: { endpointPublicAccess: UNKNOWN } }],
      open: "vpcConfig.endpointPublicAccess",
    },
    "a range that is not known": {
      given: [CLUSTER, { vpcConfig: { publicAccessCidrs: [UNKNOWN] } }],
      open: "vpcConfig.publicAccessCidrs[0]",
    },
  },
  survives: {
    "vpcConfig.endpointPublicAccess: *": "the ranges are narrow all the same, or nobody comes in at all",
    "vpcConfig.publicAccessCidrs[0]: empty": "AWS refuses what is no range",
  },
});
