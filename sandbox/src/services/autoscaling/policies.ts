import { text } from "../../core/values.ts";
import type { Resource } from "../../core/definition.ts";
import { alarmRecord } from "../cloudwatch/alarm-record.ts";
import { alarmSpec, METRIC_ALARM } from "../cloudwatch/alarm-spec.ts";
import { metricData } from "../cloudwatch/metric-data.ts";
import { seriesOf } from "../cloudwatch/metric-math.ts";
import { nested } from "../ec2/instance-outputs.ts";
import { groupRecord, putGroupRecord } from "./group-record.ts";
import { numberOr } from "./group-settings.ts";
import { isAlive, type Member, unitsOf } from "./members.ts";
import { POLICY } from "./names.ts";
import { trackedMetric } from "./policy-metric.ts";
import { members, type Round } from "./round.ts";
import { type Adjustment, adjusted, stepFor, stepsOf } from "./step-scaling.ts";
import { capacityFor, readTracking } from "./target-tracking.ts";

const MINUTE_MS = 60_000;
/** Measures of a minute stand in the store a moment after it is over. */
const SETTLED_MS = 10_000;

/**
 * Lets the policies of a group decide once a minute, from what CloudWatch has of the minutes that are over. A group grows to the largest capacity that any policy
 * asks for; it shrinks by target tracking only when all such policies that may shrink it agree, and then by one at a time.
 */
export function decide(round: Round): void {
  const { cloud, group, settings } = round;
  const end = Math.floor((cloud.now() - SETTLED_MS) / MINUTE_MS) * MINUTE_MS;
  const record = groupRecord(cloud, group);
  if ((record.decidedAt ?? 0) >= end) return;
  putGroupRecord(cloud, group, { ...record, decidedAt: end });
  if (!settings.runs("AlarmNotification")) return;
  const policies = policiesOf(round);
  track(
    round,
    policies.filter((policy) => typeOf(policy) === "TargetTrackingScaling"),
    end,
  );
  for (const policy of policies) {
    if (policy.inputs["enabled"] === false) continue;
    for (const alarm of alarmsOf(round, policy)) {
      if (typeOf(policy) === "StepScaling") step(round, policy, alarm, end);
      if (typeOf(policy) === "SimpleScaling") simple(round, policy);
    }
  }
}

/** The policies of a group, oldest first. */
function policiesOf({ cloud, group }: Round): Resource[] {
  return cloud.world
    .all(POLICY)
    .filter(
      (row) => row.region === group.region && row.phase === "ready" && text(row.inputs, "autoscalingGroupName") === group.id,
    );
}

function typeOf({ inputs }: Resource): string {
  return text(inputs, "policyType") || "SimpleScaling";
}

function track(round: Round, policies: readonly Resource[], end: number): void {
  const { cloud, group } = round;
  const warm = unitsOf(warmMembers(round));
  const readings = policies.map((policy) => {
    const configuration = nested(policy.inputs, "targetTrackingConfiguration");
    const target = numberOr(configuration["targetValue"], 1);
    const reading = readTracking(cloud, group.region, trackedMetric(configuration, group.id), target, end);
    return { policy, target, ...reading, mayShrink: configuration["disableScaleIn"] !== true };
  });
  for (const { policy, target, value, wants } of readings) {
    const wanted = capacityFor(Math.max(1, warm), value, target);
    if (wants === "more" && wanted > groupRecord(cloud, group).desired)
      resize(round, wanted, `its policy ${policy.id}: ${rounded(value)} is above the target of ${target}`);
  }
  const voters = readings.filter(({ mayShrink }) => mayShrink);
  if (voters.length === 0 || readings.some(({ wants }) => wants === "more")) return;
  if (!voters.every(({ wants }) => wants === "less") || isWarmingUp(round)) return;
  const { desired } = groupRecord(cloud, group);
  const needed = Math.max(...voters.map(({ target, value }) => capacityFor(warm, value, target)));
  if (needed < desired)
    resize(
      round,
      desired - 1,
      `its policies: ${voters.map(({ target, value }) => `${rounded(value)} is below the target of ${target}`).join(", ")}`,
    );
}

/** Alarms in the state for which they name the policy as their action. */
function alarmsOf({ cloud, group }: Round, policy: Resource): Resource[] {
  const arn = text(policy.outputs, "arn");
  return cloud.world
    .all(METRIC_ALARM)
    .filter((alarm) => alarm.region === group.region)
    .filter((alarm) => {
      const { actions, actionsEnabled } = alarmSpec(alarm);
      return actionsEnabled && actions[alarmRecord(cloud, group.region, alarm.id).state].includes(arn);
    });
}

/** While instances warm up, the group grows only by what they will not bring, and does not shrink. */
function step(round: Round, policy: Resource, alarm: Resource, end: number): void {
  const breach = breachOf(round, policy, alarm, end);
  const by = breach === undefined ? undefined : stepFor(stepsOf(policy.inputs), breach);
  if (by === undefined) return;
  const { desired } = groupRecord(round.cloud, round.group);
  const wanted = adjusted(unitsOf(warmMembers(round, policy)), adjustmentOf(policy, by));
  if (wanted > desired || (wanted < desired && !isWarmingUp(round, policy)))
    resize(round, wanted, `its policy ${policy.id}, as the alarm ${alarm.id} asks for`);
}

/** After a change nothing happens until the cooldown is over. */
function simple(round: Round, policy: Resource): void {
  const { cloud, group, settings } = round;
  const record = groupRecord(cloud, group);
  if (cloud.now() < (record.coolsUntil ?? 0)) return;
  const wanted = adjusted(record.desired, adjustmentOf(policy, numberOr(policy.inputs["scalingAdjustment"], 0)));
  if (!resize(round, wanted, `its policy ${policy.id}`)) return;
  const cooldownMs = 1000 * numberOr(policy.inputs["cooldown"], settings.cooldownMs / 1000);
  putGroupRecord(cloud, group, { ...groupRecord(cloud, group), coolsUntil: cloud.now() + cooldownMs });
}

function adjustmentOf({ inputs }: Resource, by: number): Adjustment {
  const least = inputs["minAdjustmentMagnitude"];
  return { type: text(inputs, "adjustmentType"), by, ...(typeof least === "number" && { least }) };
}

/** How far an alarm's metric is from its threshold, over the periods that the alarm looks at; undefined without data. */
function breachOf({ cloud, group }: Round, { inputs }: Resource, alarm: Resource, end: number): number | undefined {
  const spec = alarmSpec(alarm);
  const length = spec.periodSeconds * 1000;
  const starts = Array.from({ length: spec.evaluationPeriods }, (_, index) => end - (spec.evaluationPeriods - index) * length);
  const found = metricData(cloud, group.region, spec.queries, { starts, seconds: spec.periodSeconds }).get(spec.watched);
  const values = [...seriesOf(found ?? new Map<number, number>(), { periods: starts }).values()];
  if (values.length === 0) return undefined;
  const type = text(inputs, "metricAggregationType") || "Average";
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  const value = type === "Maximum" ? Math.max(...values) : type === "Minimum" ? Math.min(...values) : average;
  return value - spec.threshold;
}

/** Gives the group another capacity, within its bounds; false where that changes nothing. */
export function resize({ cloud, group }: Pick<Round, "cloud" | "group">, wanted: number, why: string): boolean {
  const record = groupRecord(cloud, group);
  const desired = Math.min(record.max, Math.max(record.min, wanted));
  if (desired === record.desired) return false;
  putGroupRecord(cloud, group, { ...record, desired });
  cloud.note(`The group ${group.id} goes from ${record.desired} to ${desired} by ${why}`);
  return true;
}

/** The instances whose measures count: in service, and warmed up. */
function warmMembers(round: Round, policy?: Resource): Member[] {
  return members(round).filter((member) => member.state === "InService" && isWarm(round, member, policy));
}

function isWarmingUp(round: Round, policy?: Resource): boolean {
  return members(round).some((member) => isAlive(member) && (member.state !== "InService" || !isWarm(round, member, policy)));
}

function isWarm({ cloud, settings }: Round, { inServiceAt }: Member, policy?: Resource): boolean {
  const own = policy?.inputs["estimatedInstanceWarmup"];
  const warmupMs = typeof own === "number" ? 1000 * own : settings.warmupMs;
  return inServiceAt !== null && cloud.now() - inServiceAt >= warmupMs;
}

function rounded(value: number): string {
  return `${Number(value.toPrecision(4))}`;
}
