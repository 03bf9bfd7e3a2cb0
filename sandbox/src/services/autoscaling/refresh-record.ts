import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, type Props, text, texts, type Value } from "../../core/values.ts";
import type { Space } from "../../core/world.ts";
import { nested } from "../ec2/instance-outputs.ts";
import { numberOr } from "./group-settings.ts";

/** How an instance refresh stands (Amazon EC2 Auto Scaling API Reference, InstanceRefresh). */
export type RefreshStatus = "InProgress" | "Successful" | "Failed" | "Cancelled" | "RollbackInProgress" | "RollbackSuccessful";

/** An instance refresh: the instances of a group are replaced, some at a time. */
export type RefreshRecord = {
  readonly id: string;
  readonly status: RefreshStatus;
  /** Why it failed; empty where it did not. */
  readonly reason: string;
  /** Stands on the instances that it has launched. A rollback has another one. */
  readonly mark: string;
  /** What the group was made of before. */
  readonly previous: Props;
  /** The preferences that it began with, as the program writes them. */
  readonly preferences: Props;
  /** How many checkpoints it has passed. */
  readonly checkpoints: number;
  /** Until when it waits after a checkpoint, in milliseconds since the epoch; 0 where it does not. */
  readonly waitsUntil: number;
};

/** How a refresh goes about it. */
export interface RefreshPreferences {
  /** Percent of the capacity that stays in service and well. */
  readonly minHealthy: number;
  /** Percent of the capacity that there may be at one time. */
  readonly maxHealthy: number;
  /** How long a new instance warms up before the next one is replaced. @default - as long as the group says */
  readonly warmupMs?: number;
  readonly skipsMatching: boolean;
  readonly rollsBack: boolean;
  /** Names of alarms that fail the refresh when they go off. */
  readonly alarms: readonly string[];
  /** Percentages of replaced instances after which it waits. */
  readonly checkpoints: readonly number[];
  readonly checkpointMs: number;
  /** Whether instances that are protected from a smaller group are replaced too. */
  readonly replacesProtected: boolean;
}

/** Reads preferences; what they leave open, the group's maintenance policy says. Defaults: Amazon EC2 Auto Scaling API Reference, RefreshPreferences. */
export function refreshPreferences({ inputs }: Pick<Resource, "inputs">, given: Props): RefreshPreferences {
  const policy = nested(inputs, "instanceMaintenancePolicy");
  const number = (name: string, otherwise: number): number => numberOr(given[name], numberOr(policy[name], otherwise));
  const warmup = text(given, "instanceWarmup");
  const percentages = given["checkpointPercentages"];
  return {
    minHealthy: number("minHealthyPercentage", 90),
    maxHealthy: number("maxHealthyPercentage", 100),
    ...(warmup !== "" && { warmupMs: 1000 * Number(warmup) }),
    skipsMatching: given["skipMatching"] === true,
    rollsBack: given["autoRollback"] === true,
    alarms: texts(nested(given, "alarmSpecification"), "alarms"),
    checkpoints: Array.isArray(percentages) ? percentages.filter(isNumber) : [],
    checkpointMs: 1000 * Number(text(given, "checkpointDelay") || "3600"),
    replacesProtected: text(given, "scaleInProtectedInstances") === "Refresh",
  };
}

/** The refresh that a group began last; undefined where it has begun none. */
export function refreshOf(cloud: Cloud, { id, region }: Resource): RefreshRecord | undefined {
  return kept(cloud).get(`${region} ${id}`);
}

/** The refresh that is under way, or its rollback. */
export function activeRefresh(cloud: Cloud, group: Resource): RefreshRecord | undefined {
  const last = refreshOf(cloud, group);
  return last?.status === "InProgress" || last?.status === "RollbackInProgress" ? last : undefined;
}

/** Begins a refresh in place of the one that may be under way. `previous` is what the group was made of. */
export function beginRefresh(cloud: Cloud, group: Resource, previous: Props, preferences: Props): void {
  const under = activeRefresh(cloud, group);
  const id = randomUUID();
  putRefresh(cloud, group, {
    id,
    status: "InProgress",
    reason: "",
    mark: id,
    // Nobody knows yet whether what a refresh was about to bring is any good.
    previous: under?.previous ?? previous,
    preferences,
    checkpoints: 0,
    waitsUntil: 0,
  });
  const instead = under === undefined ? "" : ` in place of ${under.id}`;
  cloud.note(`The group ${group.id} begins the instance refresh ${id}${instead}`);
}

/** Writes down how a refresh stands. */
export function putRefresh(cloud: Cloud, { id, region }: Resource, record: RefreshRecord): RefreshRecord {
  kept(cloud).set(`${region} ${id}`, record);
  return record;
}

/** Forgets the refresh of a group that is gone. */
export function dropRefresh(cloud: Cloud, { id, region }: Resource): void {
  kept(cloud).delete(`${region} ${id}`);
}

/** The preferences of a group's refreshes as the program writes them; undefined where it wants none. */
export function wantedRefresh(inputs: Props): Props | undefined {
  const refresh = inputs["instanceRefresh"];
  return isProps(refresh) ? nested(refresh, "preferences") : undefined;
}

/** The inputs whose change begins a refresh beside what instances are made of. The provider knows them by names of its own. */
export function triggersOf(inputs: Props): string[] {
  const own: Readonly<Record<string, string>> = { tag: "tags", vpc_zone_identifier: "vpcZoneIdentifiers" };
  return texts(nested(inputs, "instanceRefresh"), "triggers").map(
    (name) => own[name] ?? name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  );
}

function isNumber(value: Value): value is number {
  return typeof value === "number";
}

function kept(cloud: Cloud): Space<RefreshRecord> {
  return cloud.world.space<RefreshRecord>("autoscaling-refresh");
}
