import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { balancingOf } from "../elbv2/balancing.ts";
import { TARGET_GROUP } from "../elbv2/names.ts";
import { forgetTarget, registeredTargets, rememberTarget } from "../elbv2/registered-targets.ts";
import { text } from "../../core/values.ts";
import { targetGroupsOf } from "./group-settings.ts";
import { ATTACHMENT } from "./names.ts";

/** The target groups in which the instances of a group stand. */
export function attachedGroups(cloud: Cloud, group: Resource): string[] {
  const attached = cloud.world
    .all(ATTACHMENT)
    .filter(
      ({ inputs, phase, region }) =>
        phase !== "deleting" && region === group.region && text(inputs, "autoscalingGroupName") === group.id,
    )
    .map(({ inputs }) => text(inputs, "lbTargetGroupArn"));
  return [...new Set([...targetGroupsOf(group.inputs), ...attached])];
}

/** Registers an instance with target groups. What they refuse is noted: the instance serves all the same. */
export function register(cloud: Cloud, group: Resource, id: string, targetGroups: readonly string[]): void {
  for (const arn of targetGroups) {
    const row = cloud.world.get(TARGET_GROUP, arn, group.region);
    if (row === undefined) continue;
    try {
      rememberTarget(cloud, row, id);
      balancingOf(cloud).settleTargets(row);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      cloud.note(`The group ${group.id} could not register ${id}: ${error.code}: ${error.message}`);
    }
  }
}

/** Takes an instance out of target groups: it gets nothing new, and answers what is under way. */
export function deregister(cloud: Cloud, group: Resource, id: string, targetGroups: readonly string[]): void {
  for (const arn of targetGroups) {
    const row = cloud.world.get(TARGET_GROUP, arn, group.region);
    if (row === undefined) continue;
    for (const target of registeredTargets(cloud, arn)) if (target.id === id) forgetTarget(cloud, arn, id, target.port);
    balancingOf(cloud).settleTargets(row);
  }
}

/** Whether none of the target groups waits any more for what the instance has under way. */
export function isDrained(cloud: Cloud, id: string, targetGroups: readonly string[]): boolean {
  return targetGroups.every((arn) => {
    const row = cloud.world.get(TARGET_GROUP, arn);
    return row === undefined || balancingOf(cloud).isDrained(arn, id, Number(row.outputs["port"]));
  });
}

/** Whether a target group has found the instance unhealthy. */
export function isFoundUnhealthy(cloud: Cloud, id: string, targetGroups: readonly string[]): boolean {
  return statesOf(cloud, id, targetGroups).includes("unhealthy");
}

/** Whether every target group in which the instance stands has found it healthy; true where it stands in none. */
export function isFoundHealthy(cloud: Cloud, id: string, targetGroups: readonly string[]): boolean {
  return statesOf(cloud, id, targetGroups).every((state) => state === "healthy");
}

function statesOf(cloud: Cloud, id: string, targetGroups: readonly string[]): string[] {
  return targetGroups.flatMap((arn) =>
    balancingOf(cloud)
      .health(arn)
      .filter((target) => target.id === id)
      .map(({ state }) => state),
  );
}
