import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import { type Limit, matching, shown } from "../limits.ts";
import { CLUSTER } from "../rds/types.ts";

export const TARGET = "aws:appautoscaling/target:Target";
export const POLICY = "aws:appautoscaling/policy:Policy";

const NAMESPACE = "rds";
const DIMENSION = "rds:cluster:ReadReplicaCount";

/** What Application Auto Scaling scales here: the readers of Aurora clusters. */
export const resourceLimits: Readonly<Record<"resourceId" | "scalableDimension" | "serviceNamespace", Limit>> = {
  serviceNamespace: only(NAMESPACE),
  scalableDimension: only(DIMENSION),
  resourceId: matching(
    /^cluster:[a-z][a-z0-9-]{0,62}$/,
    "expected cluster: and the name of a cluster, such as cluster:platform-db",
  ),
};

function only(served: string): Limit {
  return (value) =>
    value === served ? undefined : `${shown(value)}: the sandbox scales the readers of Aurora clusters; give "${served}"`;
}

/** The cluster that a `resourceId` names; undefined where it is gone. */
export function clusterOf(cloud: Cloud, { inputs, region }: Pick<Resource, "inputs" | "region">): Resource | undefined {
  const found = cloud.world.get(CLUSTER, text(inputs, "resourceId").replace(/^cluster:/, ""), region);
  return found?.phase === "deleting" ? undefined : found;
}

/** The target of a policy, which names the same resource. Throws the service's error where it is not registered. */
export function requireTarget(cloud: Cloud, region: string, inputs: Props): Resource {
  const found = cloud.world.get(TARGET, text(inputs, "resourceId"), region);
  if (found !== undefined) return found;
  throw new CloudError(
    "ObjectNotFoundException",
    `No scalable target registered for service namespace: ${NAMESPACE}, resource ID: ${text(inputs, "resourceId")}, scalable dimension: ${DIMENSION}`,
  );
}
