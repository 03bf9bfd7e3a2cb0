import rule from "../../../../policies/rules/database/database-iam-authentication.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = ["aws:rds/cluster:Cluster", "aws:rds/instance:Instance", "aws:neptune/cluster:Cluster"];
const says = "iamDatabaseAuthenticationEnabled is nothing; it must be true.";

export default casesOf(rule, {
  passes: {
    ...forEach(TYPES, "a %s that lets programs in by IAM", (type) => ({
      given: [type, { iamDatabaseAuthenticationEnabled: true }],
    })),
    "an engine that cannot": { given: ["aws:rds/instance:Instance", { engine: "sqlserver-se" }] },
  },
  fails: {
    ...forEach(TYPES, "a %s that says nothing of it", (type) => ({ given: [type, {}], says })),
    "an engine that can": {
      given: ["aws:rds/instance:Instance", { engine: "postgres", iamDatabaseAuthenticationEnabled: false }],
      says: "iamDatabaseAuthenticationEnabled is false; it must be true.",
    },
  },
  unknown: {
    "one that is decided later": {
      given: ["aws:rds/cluster:Cluster", { iamDatabaseAuthenticationEnabled: UNKNOWN }],
      open: "iamDatabaseAuthenticationEnabled",
    },
    "an engine that is not known": { given: ["aws:rds/instance:Instance", { engine: UNKNOWN }], open: "engine" },
  },
});
