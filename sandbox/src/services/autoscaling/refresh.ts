import { randomUUID } from "node:crypto";
import { alarmRecord } from "../cloudwatch/alarm-record.ts";
import { METRIC_ALARM } from "../cloudwatch/alarm-spec.ts";
import { nextToEnd } from "./balance.ts";
import { groupRecord, putGroupRecord } from "./group-record.ts";
import { launchPlan, matches, plentyOf } from "./launch-plan.ts";
import { leave } from "./lifecycle.ts";
import { isAlive, type Member, unitsOf } from "./members.ts";
import { activeRefresh, putRefresh, type RefreshPreferences, refreshPreferences, type RefreshRecord } from "./refresh-record.ts";
import { change, members, type Round } from "./round.ts";
import { launch } from "./scaling.ts";

/** A refresh, and how far it has come. */
interface Progress {
  readonly record: RefreshRecord;
  readonly preferences: RefreshPreferences;
  readonly alive: readonly Member[];
  /** What is to be replaced yet. */
  readonly stale: readonly Member[];
  /** Those that serve and are well; new ones only once they have warmed up. */
  readonly ready: readonly Member[];
}

/**
 * Takes the refresh that is under way a step on: new instances are launched beside the old ones where the preferences let the group grow for that, and an old one goes
 * when enough that are well remain. A new instance that never becomes well fails it (EC2 tries on for an hour first), and so does an alarm.
 */
export function refresh(round: Round): void {
  const { cloud, group, settings } = round;
  if (!settings.runs("InstanceRefresh")) return;
  const alarm = ringing(round);
  if (alarm !== undefined) failRefresh(round, `the alarm ${alarm} is in ALARM`);
  const progress = progressOf(round);
  if (progress === undefined) return;
  if (isDone(round, progress)) {
    finish(round, progress.record);
    return;
  }
  if (cloud.now() < progress.record.waitsUntil) return;
  const { checkpoints, checkpointMs } = progress.preferences;
  const next = checkpoints[progress.record.checkpoints];
  if (next !== undefined && replaced(progress).length >= share(progress, next)) {
    putRefresh(cloud, group, {
      ...progress.record,
      checkpoints: progress.record.checkpoints + 1,
      waitsUntil: cloud.now() + checkpointMs,
    });
    return;
  }
  takeOut(round, progress);
  launchBeside(round, progressOf(round), next);
}

/** Gives a refresh up: turned back to what the group was made of before, where it may be. Nothing where none is under way. */
export function failRefresh(round: Round, reason: string): void {
  const { cloud, group } = round;
  const record = activeRefresh(cloud, group);
  if (record?.status !== "InProgress") return;
  const { rollsBack } = refreshPreferences(group, record.preferences);
  cloud.note(
    `The instance refresh ${record.id} of the group ${group.id} failed: ${reason}${rollsBack ? "; it is rolled back" : ""}`,
  );
  if (rollsBack) {
    putGroupRecord(cloud, group, { ...groupRecord(cloud, group), launch: record.previous });
    putRefresh(cloud, group, { ...record, status: "RollbackInProgress", reason, mark: randomUUID(), waitsUntil: 0 });
  } else {
    putRefresh(cloud, group, { ...record, status: "Failed", reason });
    settle(round);
  }
}

function progressOf(round: Round): Progress | undefined {
  const { cloud, group } = round;
  const record = activeRefresh(cloud, group);
  if (record === undefined) return undefined;
  const preferences = refreshPreferences(group, record.preferences);
  const alive = members(round).filter(isAlive);
  const isBack = record.status === "RollbackInProgress";
  const plan = launchPlan(groupRecord(cloud, group).launch);
  const keeps = (member: Member): boolean =>
    member.refresh === record.mark ||
    (member.isProtected && !preferences.replacesProtected) ||
    ((isBack || preferences.skipsMatching) && matches(cloud, group.region, plan, member));
  const warmupMs = preferences.warmupMs ?? round.settings.warmupMs;
  // Only what it has launched itself must have warmed up: the old ones have served all along.
  const isReady = ({ failingSince, inServiceAt, isHealthy, readyAt, refresh: mark }: Member): boolean => {
    if (!isHealthy || readyAt === null || failingSince !== null) return false;
    return mark !== record.mark || cloud.now() - (inServiceAt ?? cloud.now()) >= warmupMs;
  };
  return {
    record,
    preferences,
    alive,
    stale: alive.filter((member) => !keeps(member)),
    ready: alive.filter(isReady),
  };
}

/** The new ones that have taken an old one's place, and the old ones that stay. */
function replaced({ ready, stale }: Progress): Member[] {
  return ready.filter(({ id, isSurge }) => !isSurge && !stale.some((member) => member.id === id));
}

/** So many instances are a percentage of the group. */
function share({ alive }: Progress, percent: number): number {
  return Math.ceil((alive.filter(({ isSurge }) => !isSurge).length * percent) / 100);
}

function isDone({ settings }: Round, progress: Progress): boolean {
  const { preferences, stale } = progress;
  const last = preferences.checkpoints.at(-1) ?? 100;
  if (last < 100) return replaced(progress).length >= share(progress, last);
  return stale.length === 0 && unitsOf(replaced(progress)) >= settings.desired;
}

function finish(round: Round, record: RefreshRecord): void {
  const { cloud, group } = round;
  const status = record.status === "InProgress" ? "Successful" : "RollbackSuccessful";
  putRefresh(cloud, group, { ...record, status });
  settle(round);
  const what = status === "Successful" ? "is through" : "is rolled back";
  cloud.note(`The instance refresh ${record.id} of the group ${group.id} ${what}`);
}

/** From now on every instance counts, and what is too much goes as in any group. */
function settle(round: Round): void {
  for (const member of members(round)) if (member.isSurge) change(round, member, { isSurge: false });
}

/** Takes old instances out, as long as enough that are well remain. Where there is no room for even one, one goes at a time. */
function takeOut(round: Round, { alive, preferences, ready, stale }: Progress): void {
  const { desired, launch: made, terminationPolicies } = round.settings;
  const least = Math.ceil((desired * preferences.minHealthy) / 100);
  const hasNoRoom = least >= desired && preferences.maxHealthy <= 100;
  const floor = hasNoRoom ? desired - 1 : least;
  let well = unitsOf(ready);
  const left = [...stale].map((member) => ({ ...member, isProtected: false }));
  while (left.length > 0) {
    // One that was never well serves nobody: it can go at any time.
    const idle = left.find(({ id }) => !ready.some((member) => member.id === id));
    const next = idle ?? nextToEnd(left, terminationPolicies, plentyOf(launchPlan(made), alive));
    if (next === undefined || (idle === undefined && well - next.weight < floor)) return;
    left.splice(left.indexOf(next), 1);
    if (idle === undefined) well -= next.weight;
    leave(round, next, "an instance was taken out of service in response to an instance refresh.");
    const [heir] = members(round).filter(({ isSurge, state }) => isSurge && state === "InService");
    const [later] = members(round).filter(({ isSurge }) => isSurge);
    const successor = heir ?? later;
    if (successor !== undefined) change(round, successor, { isSurge: false });
  }
}

function launchBeside(round: Round, progress: Progress | undefined, checkpoint: number | undefined): void {
  if (progress === undefined) return;
  const { alive, preferences, stale } = progress;
  const { desired } = round.settings;
  if (preferences.maxHealthy <= 100 || !round.settings.runs("Launch")) return;
  const most = Math.max(desired + 1, Math.floor((desired * preferences.maxHealthy) / 100));
  const fresh = alive.length - stale.length;
  const wanted = checkpoint === undefined ? stale.length : Math.max(0, share(progress, checkpoint) - fresh);
  let beside = alive.filter(({ isSurge }) => isSurge).length;
  let total = unitsOf(alive);
  while (beside < wanted && total < most) {
    const member = launch(round, "an instance was started in response to an instance refresh.", { isSurge: true });
    if (member === undefined) return;
    beside++;
    total += member.weight;
  }
}

/** An alarm of the preferences that is going off. */
function ringing({ cloud, group }: Round): string | undefined {
  const record = activeRefresh(cloud, group);
  if (record?.status !== "InProgress") return undefined;
  return refreshPreferences(group, record.preferences).alarms.find(
    (name) =>
      cloud.world.get(METRIC_ALARM, name, group.region) !== undefined && alarmRecord(cloud, group.region, name).state === "ALARM",
  );
}
