import { clustersOfInstancesWith, parameterGroupDefinition } from "./parameter-groups.ts";
import { PARAMETER_GROUP } from "./types.ts";

/**
 * Settings of PostgreSQL for single instances; they come before those of the cluster. With `skipDestroy` AWS keeps the group when Pulumi lets go of it;
 * the sandbox forgets it.
 */
export const parameterGroup = parameterGroupDefinition({
  type: PARAMETER_GROUP,
  arnPart: "pg",
  users: clustersOfInstancesWith,
});
