import rule from "../../../../policies/rules/database/search-in-several-zones.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const DOMAIN = "aws:opensearch/domain:Domain";
const sound = { zoneAwarenessEnabled: true, instanceCount: 3, dedicatedMasterEnabled: true, dedicatedMasterCount: 3 };

export default casesOf(rule, {
  passes: { "a domain of three and three": { given: [DOMAIN, { clusterConfig: sound }] } },
  fails: {
    "a domain that says nothing of it": {
      given: [DOMAIN, {}],
      says: [
        "clusterConfig.zoneAwarenessEnabled is nothing; it must be true.",
        "clusterConfig.instanceCount is nothing, which means 1; it must be at least 3 nodes.",
        "clusterConfig.dedicatedMasterEnabled is nothing; it must be true.",
        "clusterConfig.dedicatedMasterCount is nothing; it must be at least 3 nodes.",
      ],
    },
    "a domain of two data nodes": {
      given: [DOMAIN, { clusterConfig: { ...sound, instanceCount: 2 } }],
      says: "clusterConfig.instanceCount is 2; it must be at least 3 nodes.",
    },
  },
  unknown: {
    "a number that is decided later": {
      given: [DOMAIN, { clusterConfig: { ...sound, instanceCount: UNKNOWN } }],
      open: "clusterConfig.instanceCount",
    },
  },
});
