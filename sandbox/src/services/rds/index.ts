import type { ResourceDefinition } from "../../core/definition.ts";
import { clusterInstance } from "./cluster-instance.ts";
import { clusterParameterGroup } from "./cluster-parameter-group.ts";
import { clusterSnapshot } from "./cluster-snapshot.ts";
import { cluster } from "./cluster.ts";
import { parameterGroup } from "./parameter-group.ts";
import { proxyDefaultTargetGroup } from "./proxy-default-target-group.ts";
import { proxyEndpoint } from "./proxy-endpoint.ts";
import { proxyTarget } from "./proxy-target.ts";
import { proxy } from "./proxy.ts";
import { subnetGroup } from "./subnet-group.ts";

/** RDS: Aurora PostgreSQL with a real server behind it. */
export const rdsDefinitions: readonly ResourceDefinition[] = [
  subnetGroup,
  clusterParameterGroup,
  parameterGroup,
  cluster,
  clusterInstance,
  clusterSnapshot,
  proxy,
  proxyDefaultTargetGroup,
  proxyTarget,
  proxyEndpoint,
];

export { addReader, isAutoscaled, readersOf, removeReader } from "./autoscaled-readers.ts";
export { closeDatabases } from "./closing.ts";
export { databaseDetails } from "./live-details.ts";
export { rotateMasterPassword } from "./rotation.ts";
