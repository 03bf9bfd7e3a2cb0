import rule from "../../../../policies/rules/database/database-protected-from-deletion.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const INSTANCE = "aws:rds/instance:Instance";
const OTHERS = ["aws:docdb/cluster:Cluster", "aws:neptune/cluster:Cluster"];
const sound = { deletionProtection: true, skipFinalSnapshot: false, finalSnapshotIdentifier: "shop-last" };

export default casesOf(rule, {
  passes: {
    "a protected cluster": { given: [CLUSTER, sound] },
    "a protected instance": { given: [INSTANCE, sound] },
    ...forEach(OTHERS, "a protected %s of another engine", (type) => ({ given: [type, sound] })),
    "a cluster that says nothing of skipping the snapshot": {
      given: [CLUSTER, { deletionProtection: true, finalSnapshotIdentifier: "shop-last" }],
    },
    "a replica, of which AWS takes no final snapshot": {
      given: [INSTANCE, { replicateSourceDb: "shop", deletionProtection: true, skipFinalSnapshot: true }],
    },
    "a stack outside the list of those whose data may be lost": {
      given: [CLUSTER, sound],
      stack: "sandbox",
      config: { throwawayStacks: [] },
    },
  },
  fails: {
    "a cluster without any of it": {
      given: [CLUSTER, {}],
      says: [
        "deletionProtection is nothing; it must be true.",
        "finalSnapshotIdentifier is nothing; it must name the snapshot that a deletion leaves.",
      ],
    },
    "an instance that skips the snapshot": {
      given: [INSTANCE, { ...sound, skipFinalSnapshot: true }],
      says: "skipFinalSnapshot is true; it must be false.",
    },
    ...forEach(OTHERS, "a %s of another engine that may be deleted", (type) => ({
      given: [type, { ...sound, deletionProtection: false }],
      says: "deletionProtection is false; it must be true.",
    })),
    "a cluster that may be deleted": {
      given: [CLUSTER, { ...sound, deletionProtection: false }],
      says: "deletionProtection is false; it must be true.",
    },
    "a stack whose name only begins like one whose data may be lost": {
      given: [CLUSTER, { ...sound, deletionProtection: false }],
      stack: "sandbox-2",
      says: "deletionProtection is false; it must be true.",
    },
  },
  unknown: {
    "a cluster of which one part is wrong and two are not known": {
      given: [CLUSTER, { deletionProtection: UNKNOWN, skipFinalSnapshot: true, finalSnapshotIdentifier: UNKNOWN }],
      open: ["deletionProtection", "finalSnapshotIdentifier"],
      says: "skipFinalSnapshot is true; it must be false.",
    },
  },
  skips: {
    "the sandbox": { given: [CLUSTER, {}], stack: "sandbox", because: 'the data of stack "sandbox" may be lost' },
    "a stack that the project names": {
      given: [CLUSTER, {}],
      stack: "dev",
      config: { throwawayStacks: ["dev"] },
      because: 'the data of stack "dev" may be lost',
    },
  },
  survives: {
    "skipFinalSnapshot: left out": "a snapshot is taken unless it is skipped",
    "finalSnapshotIdentifier: another text": "any name will do",
    "replicateSourceDb: another text": "a replica of another source is a replica all the same",
    "skipFinalSnapshot: flipped": "a replica leaves no snapshot, so what it says of one means nothing",
    "skipFinalSnapshot: unknown": "a replica leaves no snapshot, so what it says of one means nothing",
  },
});
