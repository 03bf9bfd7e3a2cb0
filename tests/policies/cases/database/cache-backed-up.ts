import rule from "../../../../policies/rules/database/cache-backed-up.ts";
import { GROUP } from "../../support/caches.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { together } from "../../support/switches.ts";
import { leastCases } from "../../support/values.ts";

const CLUSTER = "aws:elasticache/cluster:Cluster";
const PATH = "snapshotRetentionLimit";

export default casesOf(
  rule,
  together(
    leastCases(GROUP, "a group", PATH, 1, "days"),
    leastCases("aws:elasticache/serverlessCache:ServerlessCache", "a serverless cache", PATH, 1, "days"),
    leastCases(CLUSTER, "a single node", PATH, 1, "days", { engine: "redis" }),
    {
      passes: {
        "a node of memcached, which has nothing to keep": { given: [CLUSTER, { engine: "memcached" }] },
        "a node of a group": { given: [CLUSTER, { replicationGroupId: "shop" }] },
      },
      fails: {
        "a group with fewer days than the project wants": {
          given: [GROUP, { snapshotRetentionLimit: 1 }],
          config: { leastDays: 7 },
          says: "snapshotRetentionLimit is 1; it must be at least 7 days.",
        },
      },
      unknown: { "an engine that is chosen later": { given: [CLUSTER, { engine: UNKNOWN }], open: "engine" } },
      survives: {
        "engine: *": "any other engine is kept as well",
        "replicationGroupId: another text": "a node of another group is kept with that",
      },
    },
  ),
);
