import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { clusterInstance } from "./cluster-instance.ts";
import { fleetOf, noInstance } from "./fleet.ts";
import { isWriter, writerOf } from "./roles.ts";
import { CLUSTER_INSTANCE, ENGINE, membersOf } from "./types.ts";

/** How the readers begin that Application Auto Scaling adds (Aurora User Guide, "Amazon Aurora Auto Scaling with Aurora Replicas"). */
const PREFIX = "application-autoscaling-";
/** Such a reader is promoted last. */
const LAST_TIER = 15;

/** The readers of a cluster, oldest first, whoever asked for them. */
export function readersOf(cloud: Cloud, cluster: Resource): Resource[] {
  return membersOf(cloud, cluster).filter((row) => !isWriter(cloud, cluster, row));
}

/** Whether Application Auto Scaling added the instance, so that it may remove it as well. */
export function isAutoscaled({ id, urn }: Resource): boolean {
  return urn === "" && id.startsWith(PREFIX);
}

/**
 * Adds a reader to a cluster as Application Auto Scaling does: of the writer's class, in the zone that has the fewest instances. Resolves when it answers; rejects,
 * and leaves nothing behind, with RDS' own error where there can be no more, or `InvalidDBClusterStateFault` where the cluster has no instance.
 */
export async function addReader(cloud: Cloud, cluster: Resource): Promise<Resource> {
  // What a daemon was making when it was killed.
  for (const row of membersOf(cloud, cluster)) if (isAutoscaled(row) && row.phase === "creating") await drop(cloud, cluster, row);
  const writer = writerOf(cloud, cluster);
  if (writer === undefined) throw noInstance(cluster);
  const tags = { "application-autoscaling:resourceId": `cluster:${cluster.id}` };
  const inputs = {
    ...clusterInstance.defaults,
    identifier: `${PREFIX}${randomUUID()}`,
    clusterIdentifier: cluster.id,
    engine: ENGINE,
    instanceClass: text(writer.outputs, "instanceClass"),
    promotionTier: LAST_TIER,
    tags,
    tagsAll: tags,
  };
  const { region } = cluster;
  const row = cloud.world.change(() => {
    const { id, outputs } = clusterInstance.create({ cloud, urn: "", name: inputs.identifier, region, inputs });
    const all = { ...inputs, ...outputs };
    return cloud.world.put({
      type: CLUSTER_INSTANCE,
      id,
      urn: "",
      region,
      inputs,
      outputs: all,
      phase: "creating",
      claimed: true,
    });
  });
  try {
    await fleetOf(cloud).run(cluster, row);
  } catch (error) {
    await drop(cloud, cluster, row);
    throw error;
  }
  return cloud.world.put({ ...row, phase: "ready" });
}

/** Removes the youngest reader that {@link addReader} added, and says which; undefined where there is none (any more): readers that somebody else made stay. */
export async function removeReader(cloud: Cloud, cluster: Resource): Promise<string | undefined> {
  const row = readersOf(cloud, cluster).findLast(isAutoscaled);
  if (row !== undefined) await drop(cloud, cluster, row);
  return row?.id;
}

async function drop(cloud: Cloud, cluster: Resource, row: Resource): Promise<void> {
  cloud.world.put({ ...row, phase: "deleting" });
  await fleetOf(cloud).leave(cluster, row);
  cloud.world.drop(row);
}
