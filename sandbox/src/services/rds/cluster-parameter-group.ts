import { clustersWith, parameterGroupDefinition } from "./parameter-groups.ts";
import { CLUSTER_PARAMETER_GROUP } from "./types.ts";

/** Settings of PostgreSQL for all instances of a cluster. */
export const clusterParameterGroup = parameterGroupDefinition({
  type: CLUSTER_PARAMETER_GROUP,
  arnPart: "cluster-pg",
  users: clustersWith,
});
