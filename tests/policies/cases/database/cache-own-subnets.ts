import rule from "../../../../policies/rules/database/cache-own-subnets.ts";
import { GROUP } from "../../support/caches.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:elasticache/cluster:Cluster";
const wanted = "it must name a subnet group of its own.";

export default casesOf(rule, {
  passes: {
    "a group in subnets of its own": { given: [GROUP, { subnetGroupName: "shop-cache" }] },
    "a node in subnets of its own": { given: [CLUSTER, { subnetGroupName: "shop-cache" }] },
    "a node of a group, which stands where the group does": { given: [CLUSTER, { replicationGroupId: "shop" }] },
    "subnets that are made in the same program": {
      given: {
        subnets: ["aws:elasticache/subnetGroup:SubnetGroup", {}],
        cache: [GROUP, { subnetGroupName: ref("subnets", "name") }],
      },
      cannotBreak: "the first case shows what happens without the name",
    },
  },
  fails: {
    "a group that says nothing of it": { given: [GROUP, {}], says: `subnetGroupName is nothing; ${wanted}` },
    "a node in the default subnets": {
      given: [CLUSTER, { subnetGroupName: "default" }],
      says: `subnetGroupName is "default"; ${wanted}`,
    },
  },
  unknown: { "a name that is not known": { given: [GROUP, { subnetGroupName: UNKNOWN }], open: "subnetGroupName" } },
  survives: {
    "subnetGroupName: empty": "AWS refuses what is no name",
    "subnetGroupName: another text": "another one is not the default one",
    "replicationGroupId: another text": "a node of another group stands where that does",
  },
});
