import rule from "../../../../policies/rules/database/warehouse-encrypted.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:redshift/cluster:Cluster";

export default casesOf(rule, {
  passes: {
    "an encrypted cluster": { given: [CLUSTER, { encrypted: true }] },
    "a cluster that says nothing of it": { given: [CLUSTER, {}] },
  },
  fails: {
    "a cluster that is not encrypted": { given: [CLUSTER, { encrypted: false }], says: "encrypted is false; it must be true." },
    "the same as text": { given: [CLUSTER, { encrypted: "false" }], says: 'encrypted is "false"; it must be true.' },
  },
  unknown: { "a switch that is decided later": { given: [CLUSTER, { encrypted: UNKNOWN }], open: "encrypted" } },
  survives: { "encrypted: left out": "a cluster is encrypted unless it is told otherwise" },
});
