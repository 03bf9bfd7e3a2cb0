import type { ResourceDefinition } from "../../core/definition.ts";
import { clusterInstance } from "./cluster-instance.ts";
import { clusterParameterGroup } from "./cluster-parameter-group.ts";
import { clusterSnapshot } from "./cluster-snapshot.ts";
import { cluster } from "./cluster.ts";
import { parameterGroup } from "./parameter-group.ts";
import { subnetGroup } from "./subnet-group.ts";

/** RDS: Aurora PostgreSQL with a real server behind it. */
export const rdsDefinitions: readonly ResourceDefinition[] = [
  subnetGroup,
  clusterParameterGroup,
  parameterGroup,
  cluster,
  clusterInstance,
  clusterSnapshot,
];

export { addReader, isAutoscaled, readersOf, removeReader } from "./autoscaled-readers.ts";
export { closeDatabases } from "./fleet.ts";
export { rotateMasterPassword } from "./rotation.ts";
