import rule from "../../../../policies/rules/database/database-storage-grows.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const INSTANCE = "aws:rds/instance:Instance";

export default casesOf(rule, {
  passes: {
    "an instance that may double": { given: [INSTANCE, { allocatedStorage: 100, maxAllocatedStorage: 200 }] },
    "a replica, whose storage is its source's": { given: [INSTANCE, { replicateSourceDb: "shop" }] },
    "Aurora, whose storage grows by itself": { given: [INSTANCE, { engine: "aurora-mysql" }] },
  },
  fails: {
    "an instance that says nothing of it": {
      given: [INSTANCE, { allocatedStorage: 100 }],
      says: "maxAllocatedStorage is nothing, which means that it never grows; it must be at least 101 GiB.",
    },
    "an instance that may not grow": {
      given: [INSTANCE, { allocatedStorage: 100, maxAllocatedStorage: 100 }],
      says: "maxAllocatedStorage is 100; it must be at least 101 GiB.",
    },
  },
  unknown: {
    "sizes that are decided later": {
      given: [INSTANCE, { allocatedStorage: UNKNOWN, maxAllocatedStorage: UNKNOWN }],
      open: "allocatedStorage",
    },
  },
  survives: {
    "allocatedStorage: left out": "a database from a snapshot has the snapshot's size",
    "replicateSourceDb: another text": "a replica of another source is a replica all the same",
  },
});
