import rule from "../../../../policies/rules/database/warehouse-recoverable.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:redshift/cluster:Cluster";
const PATH = "automatedSnapshotRetentionPeriod";

export default casesOf(rule, {
  passes: { "a cluster with a week of snapshots": { given: [CLUSTER, { [PATH]: 7 }] } },
  fails: {
    "a cluster with none": { given: [CLUSTER, { [PATH]: 0 }], says: `${PATH} is 0; it must be at least 7 days.` },
    "a cluster that says nothing of it": {
      given: [CLUSTER, {}],
      says: `${PATH} is nothing, which means 1; it must be at least 7 days.`,
    },
  },
  unknown: { "days that are decided later": { given: [CLUSTER, { [PATH]: UNKNOWN }], open: PATH } },
});
