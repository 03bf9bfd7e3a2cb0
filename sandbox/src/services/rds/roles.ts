import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { memoryGibOf } from "../ec2/instance-types.ts";
import { CLUSTER_INSTANCE, membersOf, serverId } from "./types.ts";

/** The identifier of the instance that writes, by cluster. What is not remembered has no writer yet. */
const SPACE = "rds-writer";

/** The instance that writes, also while it is being deleted: it does until another one has taken its place. Undefined before the first one has started. */
export function writerOf(cloud: Cloud, cluster: Resource): Resource | undefined {
  const id = cloud.world.space<string>(SPACE).get(serverId(cluster));
  return id === undefined ? undefined : cloud.world.get(CLUSTER_INSTANCE, id, cluster.region);
}

/** Whether the instance writes; without one that is remembered the oldest will. */
export function isWriter(cloud: Cloud, cluster: Resource, instance: Resource): boolean {
  return (writerOf(cloud, cluster) ?? membersOf(cloud, cluster)[0])?.id === instance.id;
}

/** Remembers who writes; undefined for nobody. */
export function setWriter(cloud: Cloud, cluster: Resource, instance: Resource | undefined): void {
  const writers = cloud.world.space<string>(SPACE);
  if (instance === undefined) writers.delete(serverId(cluster));
  else writers.set(serverId(cluster), instance.id);
}

/**
 * The order in which Aurora promotes readers: the lowest promotion tier first, of one tier the largest instance (Aurora User Guide, "Fault tolerance for an
 * Aurora DB cluster"); of one size, where Aurora takes any, the oldest.
 */
export function byPromotion(readers: readonly Resource[]): Resource[] {
  return [...readers].sort((a, b) => tierOf(a) - tierOf(b) || sizeOf(b) - sizeOf(a));
}

/** The promotion tier of an instance: 0 is promoted first. */
export function tierOf(instance: Resource): number {
  return Number(instance.inputs["promotionTier"] ?? 0);
}

/** Memory in GiB. Serverless instances scale up to one size, the cluster's. */
function sizeOf(instance: Resource): number {
  const name = text(instance.outputs, "instanceClass").replace(/^db\./, "");
  return name === "serverless" ? 0 : memoryGibOf(name);
}
