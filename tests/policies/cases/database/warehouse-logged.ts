import rule from "../../../../policies/rules/database/warehouse-logged.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:redshift/cluster:Cluster";
const LOGGING = "aws:redshift/logging:Logging";
const says = "sales: the cluster has no Logging; it must have one.";

export default casesOf(rule, {
  passes: {
    "a cluster with a log": {
      given: { sales: [CLUSTER, {}], log: [LOGGING, { clusterIdentifier: ref("sales", "clusterIdentifier") }] },
    },
    "a cluster with a log by its name": {
      given: { sales: [CLUSTER, { clusterIdentifier: "sales" }], log: [LOGGING, { clusterIdentifier: "sales" }] },
    },
  },
  fails: {
    "a cluster without a log": { given: { sales: [CLUSTER, {}] }, says },
    "a cluster beside the log of another": {
      given: { sales: [CLUSTER, { clusterIdentifier: "sales" }], log: [LOGGING, { clusterIdentifier: "bills" }] },
      says,
    },
  },
  unknown: {
    "a log of which nobody knows whose it is": {
      given: { sales: [CLUSTER, {}], log: [LOGGING, { clusterIdentifier: UNKNOWN }] },
      open: "sales: log.clusterIdentifier",
    },
  },
});
