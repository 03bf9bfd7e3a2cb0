import type { ResourceDefinition } from "../../core/definition.ts";
import { parameterGroup } from "./parameter-group.ts";
import { replicationGroup } from "./replication-group.ts";
import { subnetGroup } from "./subnet-group.ts";
import { userGroup } from "./user-group.ts";
import { user } from "./user.ts";

/** ElastiCache. */
export const elasticacheDefinitions: readonly ResourceDefinition[] = [
  parameterGroup,
  replicationGroup,
  subnetGroup,
  user,
  userGroup,
];
