import rule from "../../../../policies/rules/database/database-logs-exported.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const INSTANCE = "aws:rds/instance:Instance";

export default casesOf(rule, {
  passes: {
    "an Aurora cluster with PostgreSQL's log": {
      given: [CLUSTER, { engine: "aurora-postgresql", enabledCloudwatchLogsExports: ["postgresql"] }],
    },
    "an instance of PostgreSQL with both of its logs": {
      given: [INSTANCE, { engine: "postgres", enabledCloudwatchLogsExports: ["postgresql", "upgrade"] }],
    },
    "an instance of MySQL without the log that the project does not want": {
      given: [INSTANCE, { engine: "mysql", enabledCloudwatchLogsExports: ["audit", "error", "slowquery"] }],
      config: { without: ["general"] },
    },
    "an engine that nobody knows, with a log": { given: [INSTANCE, { enabledCloudwatchLogsExports: ["diag.log"] }] },
    "a replica, which takes over its engine": { given: [INSTANCE, { replicateSourceDb: "shop" }] },
  },
  fails: {
    "an Aurora cluster without logs": {
      given: [CLUSTER, { engine: "aurora-postgresql" }],
      says: 'enabledCloudwatchLogsExports is nothing; it must include "postgresql".',
    },
    "an Aurora cluster of MySQL with one of four": {
      given: [CLUSTER, { engine: "aurora-mysql", enabledCloudwatchLogsExports: ["error"] }],
      says: 'enabledCloudwatchLogsExports is ["error"]; it must include "audit", "error", "general", "slowquery".',
    },
    "an instance of SQL Server with an empty list": {
      given: [INSTANCE, { engine: "sqlserver-se", enabledCloudwatchLogsExports: [] }],
      says: 'enabledCloudwatchLogsExports is []; it must include "error", "agent".',
    },
    "an instance from a snapshot, without logs": {
      given: [INSTANCE, { snapshotIdentifier: "shop-last" }],
      says: "enabledCloudwatchLogsExports is nothing; it must name the logs of its engine.",
    },
  },
  unknown: {
    "logs that are decided later": {
      given: [CLUSTER, { engine: "aurora-postgresql", enabledCloudwatchLogsExports: [UNKNOWN] }],
      open: "enabledCloudwatchLogsExports[0]",
    },
  },
  survives: {
    "engine: left out": "an engine that nobody knows needs some log",
    "engine: empty": "an engine that nobody knows needs some log",
    "engine: another text": "an engine that nobody knows needs some log",
    "enabledCloudwatchLogsExports[0]: *": "an engine that nobody knows needs some log",
    "replicateSourceDb: another text": "a replica of another source is a replica all the same",
  },
});
