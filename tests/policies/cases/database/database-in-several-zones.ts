import rule from "../../../../policies/rules/database/database-in-several-zones.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const MEMBER = "aws:rds/clusterInstance:ClusterInstance";
const INSTANCE = "aws:rds/instance:Instance";
const aurora = { engine: "aurora-postgresql" };

export default casesOf(rule, {
  passes: {
    "an Aurora cluster with two instances": {
      given: {
        shop: [CLUSTER, aurora],
        first: [MEMBER, { clusterIdentifier: ref("shop") }],
        second: [MEMBER, { clusterIdentifier: ref("shop") }],
      },
    },
    "an instance with a standby": { given: { shop: [INSTANCE, { multiAz: true }] } },
    "a replica": {
      given: { copy: [INSTANCE, { replicateSourceDb: "shop" }] },
    },
    "a cluster without Aurora, which has three instances by itself": { given: { shop: [CLUSTER, { engine: "mysql" }] } },
  },
  fails: {
    "an Aurora cluster with one instance": {
      given: { shop: [CLUSTER, aurora], first: [MEMBER, { clusterIdentifier: ref("shop") }] },
      says: "shop: the cluster has 1 instance; it must have at least 2.",
    },
    "an Aurora cluster beside the instances of another": {
      given: {
        shop: [CLUSTER, aurora],
        bills: [CLUSTER, { engine: "mysql" }],
        first: [MEMBER, { clusterIdentifier: ref("bills") }],
        second: [MEMBER, { clusterIdentifier: ref("bills") }],
      },
      says: "shop: the cluster has 0 instances; it must have at least 2.",
    },
    "an instance that says nothing of it": {
      given: { shop: [INSTANCE, {}] },
      says: "shop: multiAz is nothing; it must be true.",
    },
  },
  unknown: {
    "an instance of which nobody knows whose it is": {
      given: { shop: [CLUSTER, aurora], first: [MEMBER, { clusterIdentifier: UNKNOWN }] },
      open: "shop: first.clusterIdentifier",
    },
    "a standby that is decided later": { given: { shop: [INSTANCE, { multiAz: UNKNOWN }] }, open: "shop: multiAz" },
  },
  survives: {
    "shop: engine: *": "without Aurora the cluster has three instances by itself",
    "copy: replicateSourceDb: another text": "a replica of another source is a replica all the same",
  },
});
