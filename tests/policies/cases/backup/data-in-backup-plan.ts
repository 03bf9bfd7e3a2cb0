import rule from "../../../../policies/rules/backup/data-in-backup-plan.ts";
import { casesOf, type FixtureResource, forEach, ref, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const INSTANCE = "aws:rds/instance:Instance";
const TYPES = [...rule.checks.keys()];
const selection = (inputs: Readonly<Record<string, unknown>>): FixtureResource => ["aws:backup/selection:Selection", inputs];
const daily = selection({ selectionTags: [{ type: "STRINGEQUALS", key: "backup", value: "daily" }] });
const says = "data: no backup plan selects it; an aws.backup.Selection must.";

export default casesOf(rule, {
  passes: {
    ...forEach(TYPES, "a %s with the tag that a plan selects", (type) => ({
      given: { data: [type, { tags: { backup: "daily" } }], daily },
    })),
    "a cluster that a plan names": { given: { data: [CLUSTER, {}], named: selection({ resources: [ref("data", "arn")] }) } },
    "a plan for everything": { given: { data: [CLUSTER, {}], all: selection({ resources: ["*"] }) } },
    "a cluster that meets the conditions of a plan": {
      given: {
        data: [CLUSTER, { tags: { backup: "daily" } }],
        tagged: selection({ conditions: [{ stringEquals: [{ key: "aws:ResourceTag/backup", value: "daily" }] }] }),
      },
    },
    "a replica, which is kept with its source": { given: { data: [INSTANCE, { replicateSourceDb: "shop" }] } },
    "a cluster that follows another": { given: { data: [CLUSTER, { replicationSourceIdentifier: "shop" }] } },
  },
  fails: {
    ...forEach(TYPES, "a %s without a plan", (type) => ({ given: { data: [type, {}] }, says })),
    "a cluster with another tag": { given: { data: [CLUSTER, { tags: { backup: "weekly" } }], daily }, says },
    "a cluster beside a plan for another": {
      given: { data: [CLUSTER, {}], named: selection({ resources: ["arn:aws:rds:eu-central-1:1:cluster:bills"] }) },
      says,
    },
  },
  unknown: {
    "tags that are decided later": { given: { data: [CLUSTER, { tags: UNKNOWN }], daily }, open: "data: tags" },
    "a plan of which nobody knows what it selects": {
      given: { data: [CLUSTER, {}], named: selection({ resources: UNKNOWN }) },
      open: "data: named.resources",
    },
  },
  survives: {
    "daily: selectionTags[0].type: *": "equality is the only type there is",
    "data: replicateSourceDb: another text": "a replica of another source is a replica all the same",
    "data: replicationSourceIdentifier: another text": "a copy of another source is a copy all the same",
  },
});
