import { type Cases, UNKNOWN } from "./cases.ts";

export const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";

/** Adds to the cases the member of a global datastore, which takes over what its primary has. */
export function exceptGlobalMembers(cases: Cases, broken: Readonly<Record<string, unknown>> = {}): Cases {
  return {
    ...cases,
    passes: { ...cases.passes, "a member of a global datastore": { given: [GROUP, { globalReplicationGroupId: "shop" }] } },
    unknown: {
      ...cases.unknown,
      "a group that may be a member of a global datastore": {
        given: [GROUP, { ...broken, globalReplicationGroupId: UNKNOWN }],
        open: "globalReplicationGroupId",
      },
    },
    survives: { ...cases.survives, "globalReplicationGroupId: another text": "a member of another datastore is one as well" },
  };
}
