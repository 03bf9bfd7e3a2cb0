import rule from "../../../../policies/rules/database/database-tls-required.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const GROUP = "aws:rds/parameterGroup:ParameterGroup";
const CLUSTER_GROUP = "aws:rds/clusterParameterGroup:ClusterParameterGroup";
const on = (name: string, value = "1"): object => ({ name, value });

export default casesOf(rule, {
  passes: {
    "Aurora PostgreSQL that refuses": {
      given: [CLUSTER_GROUP, { family: "aurora-postgresql16", parameters: [on("rds.force_ssl")] }],
    },
    "MySQL that refuses": { given: [GROUP, { family: "mysql8.0", parameters: [on("require_secure_transport", "ON")] }] },
    "SQL Server that refuses": { given: [GROUP, { family: "sqlserver-se-15.0", parameters: [on("rds.force_ssl")] }] },
    "Aurora PostgreSQL from version 17 on, which refuses by itself": {
      given: [CLUSTER_GROUP, { family: "aurora-postgresql17" }],
    },
    "PostgreSQL from version 15 on, which refuses by itself": { given: [GROUP, { family: "postgres15" }] },
    "an instance's group in Aurora, where the switch is the cluster's": {
      given: [GROUP, { family: "aurora-postgresql16" }],
      cannotBreak: "the cluster's group is asked",
    },
    "an engine without such a switch": { given: [GROUP, { family: "oracle-se2-19" }], cannotBreak: "TLS is an option of Oracle" },
  },
  fails: {
    "PostgreSQL that takes connections without TLS": {
      given: [GROUP, { family: "postgres16", parameters: [on("rds.force_ssl", "0")] }],
      says: 'rds.force_ssl is "0"; it must be "1".',
    },
    "Aurora PostgreSQL before version 17 that says nothing": {
      given: [CLUSTER_GROUP, { family: "aurora-postgresql16", parameters: [on("log_statement", "ddl")] }],
      says: 'rds.force_ssl is not set; it must be "1".',
    },
    "Aurora MySQL that says nothing": {
      given: [CLUSTER_GROUP, { family: "aurora-mysql8.0" }],
      says: 'require_secure_transport is not set; it must be "1".',
    },
    "MariaDB with no parameters": {
      given: [GROUP, { family: "mariadb10.11", parameters: [] }],
      says: 'require_secure_transport is not set; it must be "1".',
    },
  },
  unknown: {
    "a switch that is set later": {
      given: [GROUP, { family: "postgres16", parameters: [{ name: "rds.force_ssl", value: UNKNOWN }] }],
      open: "parameters[0].value",
    },
    "parameters that are not known": {
      given: [CLUSTER_GROUP, { family: "aurora-mysql8.0", parameters: UNKNOWN }],
      open: "parameters",
    },
  },
  survives: { "family: *": "a family that nobody knows has no switch that is known" },
});
