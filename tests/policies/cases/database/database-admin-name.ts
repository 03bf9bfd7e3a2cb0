import rule from "../../../../policies/rules/database/database-admin-name.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const INSTANCE = "aws:rds/instance:Instance";
const guessed = 'it must be none of "admin", "administrator", "postgres", "root", "sa".';

export default casesOf(rule, {
  passes: {
    "a cluster with a name of its own": { given: [CLUSTER, { masterUsername: "keeper" }] },
    "an instance with a name of its own": { given: [INSTANCE, { username: "keeper" }] },
    "a replica or a restored database, which has its source's": { given: [INSTANCE, {}] },
  },
  fails: {
    "a cluster with the usual name": {
      given: [CLUSTER, { masterUsername: "postgres" }],
      says: `masterUsername is "postgres"; ${guessed}`,
    },
    "an instance with the usual name": { given: [INSTANCE, { username: "admin" }], says: `username is "admin"; ${guessed}` },
  },
  unknown: { "a name that is made later": { given: [CLUSTER, { masterUsername: UNKNOWN }], open: "masterUsername" } },
  survives: {
    "*sername: *": "a name is a name; a cluster or an instance without one takes over its source's, or is refused by AWS",
  },
});
