import rule from "../../../../policies/rules/database/database-recoverable.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const INSTANCE = "aws:rds/instance:Instance";
const OTHERS = ["aws:docdb/cluster:Cluster", "aws:neptune/cluster:Cluster"];

export default casesOf(rule, {
  passes: {
    "a cluster with a week of backups": { given: [CLUSTER, { backupRetentionPeriod: 7 }] },
    "an instance with a week of backups": { given: [INSTANCE, { backupRetentionPeriod: 7 }] },
    ...forEach(OTHERS, "a %s of another engine with a week of backups", (type) => ({
      given: [type, { backupRetentionPeriod: 7 }],
    })),
    "a replica, whose backups are its source's": { given: [INSTANCE, { replicateSourceDb: "shop" }] },
    "a day, where a day is enough": {
      given: [CLUSTER, { backupRetentionPeriod: 1 }],
      config: { leastDays: 1 },
      cannotBreak: "AWS keeps a day at least",
    },
  },
  fails: {
    "a cluster with a day of backups": {
      given: [CLUSTER, { backupRetentionPeriod: 1 }],
      says: "backupRetentionPeriod is 1; it must be at least 7 days.",
    },
    "a cluster that says nothing of them": {
      given: [CLUSTER, {}],
      says: "backupRetentionPeriod is nothing, which means 1; it must be at least 7 days.",
    },
    ...forEach(OTHERS, "a %s of another engine that says nothing of them", (type) => ({
      given: [type, {}],
      says: "backupRetentionPeriod is nothing, which means 1; it must be at least 7 days.",
    })),
    "an instance that says nothing of them": {
      given: [INSTANCE, {}],
      says: "backupRetentionPeriod is nothing, which means 0; it must be at least 7 days.",
    },
    "a week, where a month is wanted": {
      given: [INSTANCE, { backupRetentionPeriod: 7 }],
      config: { leastDays: 30 },
      says: "backupRetentionPeriod is 7; it must be at least 30 days.",
    },
  },
  unknown: {
    "a cluster whose days are decided later": {
      given: [CLUSTER, { backupRetentionPeriod: UNKNOWN }],
      open: "backupRetentionPeriod",
    },
    "an instance that may be a replica": { given: [INSTANCE, { replicateSourceDb: UNKNOWN }], open: "replicateSourceDb" },
  },
  survives: { "replicateSourceDb: another text": "a replica of another source is a replica all the same" },
});
