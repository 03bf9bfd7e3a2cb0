import rule from "../../../../policies/rules/database/database-password-managed.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { Secret } from "../../../../policies/framework/values.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const INSTANCE = "aws:rds/instance:Instance";
const managed = "it must be left to AWS by manageMasterUserPassword.";
const NO_PASSWORD = "there is no password in the program";

export default casesOf(rule, {
  passes: {
    "a cluster with a managed password": { given: [CLUSTER, { manageMasterUserPassword: true }] },
    "an instance with a managed password": { given: [INSTANCE, { manageMasterUserPassword: true }] },
    "a replica, which has its source's": { given: [INSTANCE, { replicateSourceDb: "shop" }] },
  },
  fails: {
    "a password in the program": { given: [INSTANCE, { password: "hunter2" }], says: `password is "hunter2"; ${managed}` },
    "a password that is marked as secret": {
      given: [CLUSTER, { masterPassword: new Secret("hunter2") }],
      says: `masterPassword is a secret; ${managed}`,
    },
  },
  unknown: { "a password that is made later": { given: [INSTANCE, { password: UNKNOWN }], open: "password" } },
  survives: { "manageMasterUserPassword: *": NO_PASSWORD, "replicateSourceDb: *": NO_PASSWORD },
});
