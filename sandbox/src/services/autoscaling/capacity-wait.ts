import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { activitiesOf } from "./activities.ts";
import { durationMs, goDuration } from "./duration.ts";
import { fleetOf } from "./fleet.ts";
import { groupRecord } from "./group-record.ts";
import { numberOr } from "./group-settings.ts";
import { membersOf, unitsOf } from "./members.ts";
import { GROUP } from "./names.ts";
import { attachedGroups, isFoundHealthy } from "./targets.ts";

/** What the provider waits for: on creation each number is a minimum, on an update it is exact. */
export type Occasion = "create" | "update";

/**
 * Waits, as the provider does, until a group has the healthy instances that its inputs ask for. Resolves at once where `waitForCapacityTimeout` is "0".
 * Rejects, in the provider's words, when the time is up or a scaling activity has failed. (terraform-provider-aws, internal/service/autoscaling/group.go)
 */
export async function waitForCapacity(cloud: Cloud, group: Resource, occasion: Occasion): Promise<void> {
  const { inputs, id } = group;
  const timeoutMs = durationMs(text(inputs, "waitForCapacityTimeout")) ?? 0;
  if (timeoutMs === 0) return;
  const startedAt = cloud.now();
  const failed = (why: string): Error => new Error(`waiting for Auto Scaling Group (${id}) capacity satisfied: ${why}`);
  await fleetOf(cloud).until(() => {
    if (cloud.world.get(GROUP, id, group.region) === undefined) throw failed(`reading Auto Scaling Group (${id}): empty result`);
    const failures = inputs["ignoreFailedScalingActivities"] === true ? [] : failedActivities(cloud, group, startedAt);
    if (failures.length > 0) throw failed(failures.join("\n"));
    const state = missing(cloud, group, occasion);
    if (state === undefined) return true;
    if (cloud.now() - startedAt < timeoutMs) return undefined;
    throw failed(`timeout while waiting for state to become 'ok' (last state: '${state}', timeout: ${goDuration(timeoutMs)})`);
  });
}

function failedActivities(cloud: Cloud, group: Resource, since: number): string[] {
  return activitiesOf(cloud, group)
    .filter(({ startedAt, status }) => status === "Failed" && startedAt >= since)
    .map(({ id, message, status }) => `scaling activity (${id}): ${status}: ${message}`);
}

/** What the group lacks yet, in the provider's words. */
function missing(cloud: Cloud, group: Resource, occasion: Occasion): string | undefined {
  const { inputs } = group;
  const healthy = membersOf(cloud, group).filter(({ isHealthy, state }) => isHealthy && state === "InService");
  const targets = attachedGroups(cloud, group);
  const have = unitsOf(healthy);
  const haveBehind = unitsOf(healthy.filter(({ id }) => isFoundHealthy(cloud, id, targets)));
  const word = occasion === "create" ? "at least" : "exactly";
  const falls = (count: number, wanted: number): boolean => (occasion === "create" ? count < wanted : count !== wanted);
  const want = wantedUnits(cloud, group, occasion);
  if (falls(have, want)) return `want ${word} ${want} healthy instance(s) in Auto Scaling Group, have ${have}`;
  const exact = numberOr(inputs["waitForElbCapacity"], 0);
  const wantBehind = exact > 0 || occasion === "update" ? exact : numberOr(inputs["minElbCapacity"], 0);
  if (wantBehind > 0 && falls(haveBehind, wantBehind))
    return `want ${word} ${wantBehind} healthy instance(s) registered to Load Balancer, have ${haveBehind}`;
  return undefined;
}

function wantedUnits(cloud: Cloud, group: Resource, occasion: Occasion): number {
  const { inputs } = group;
  const min = numberOr(inputs["minSize"], 0);
  if (occasion === "create") return numberOr(inputs["desiredCapacity"], 0) || min;
  // Where the program does not say, the provider has what the group had.
  return Math.max(min, numberOr(inputs["desiredCapacity"], groupRecord(cloud, group).desired));
}
