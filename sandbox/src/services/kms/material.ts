import { randomBytes } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import type { Space } from "../../core/world.ts";
import { text } from "../../core/values.ts";

const DAY = 24 * 60 * 60 * 1000;
/** Days from one rotation to the next unless the key says otherwise (KMS Developer Guide, "Rotate AWS KMS keys"). */
const ROTATION_DAYS = 365;

/** One 256-bit secret of a key. Rotation adds another and keeps the old ones, so what they encrypted can still be read. */
export type Material = {
  /** Base64. */
  secret: string;
  /** Milliseconds since the epoch. */
  since: number;
  cause: "creation" | "AUTOMATIC" | "ON_DEMAND";
};

type Record = {
  materials: Material[];
  /** When automatic rotation was switched on; 0 while it is off. */
  rotatingSince: number;
};

/** Makes a key's first secret. Called once, in the change that makes the key. */
export function makeMaterial(cloud: Cloud, arn: string, rotates: boolean): void {
  const now = cloud.now();
  const materials: Material[] = [{ secret: newSecret(), since: now, cause: "creation" }];
  space(cloud).set(arn, { materials, rotatingSince: rotates ? now : 0 });
}

/** Switches automatic rotation on or off; the first rotation is a whole period after it was switched on. */
export function setRotation(cloud: Cloud, key: Resource, rotates: boolean): void {
  const arn = text(key.outputs, "arn");
  const record = { materials: [...materialsOf(cloud, key)], rotatingSince: recordOf(cloud, arn).rotatingSince };
  if (rotates !== record.rotatingSince > 0) space(cloud).set(arn, { ...record, rotatingSince: rotates ? cloud.now() : 0 });
}

/** All secrets of a key, oldest first, with those whose time to be made has come. Empty once they are destroyed. */
export function materialsOf(cloud: Cloud, key: Resource): readonly Material[] {
  const arn = text(key.outputs, "arn");
  const record = recordOf(cloud, arn);
  const due: Material[] = [];
  for (let next = nextAfter(key, record); next !== undefined && next <= cloud.now(); next += periodOf(key)) {
    due.push({ secret: newSecret(), since: next, cause: "AUTOMATIC" });
  }
  if (due.length === 0) return record.materials;
  const materials = [...record.materials, ...due];
  space(cloud).set(arn, { ...record, materials });
  return materials;
}

/** When the next automatic rotation is due, in milliseconds since the epoch; undefined while rotation is off. */
export function nextRotation(cloud: Cloud, key: Resource): number | undefined {
  const materials = [...materialsOf(cloud, key)];
  return nextAfter(key, { ...recordOf(cloud, text(key.outputs, "arn")), materials });
}

/** Rotates now, whatever the schedule says; the schedule stays. */
export function rotateNow(cloud: Cloud, key: Resource): void {
  const materials = [...materialsOf(cloud, key)];
  const arn = text(key.outputs, "arn");
  materials.push({ secret: newSecret(), since: cloud.now(), cause: "ON_DEMAND" });
  space(cloud).set(arn, { ...recordOf(cloud, arn), materials });
}

/** The days from one rotation to the next. */
export function rotationDays(key: Resource): number {
  return typeof key.outputs["rotationPeriodInDays"] === "number" ? key.outputs["rotationPeriodInDays"] : ROTATION_DAYS;
}

/** Destroys a key's secrets: nothing encrypted under it can be read again. */
export function destroyMaterial(cloud: Cloud, arn: string): void {
  space(cloud).delete(arn);
}

function nextAfter(key: Resource, { materials, rotatingSince }: Record): number | undefined {
  if (rotatingSince === 0) return undefined;
  const last = materials.findLast(({ cause }) => cause === "AUTOMATIC")?.since ?? 0;
  return Math.max(last, rotatingSince) + periodOf(key);
}

function periodOf(key: Resource): number {
  return rotationDays(key) * DAY;
}

function recordOf(cloud: Cloud, arn: string): Record {
  return space(cloud).get(arn) ?? { materials: [], rotatingSince: 0 };
}

function newSecret(): string {
  return randomBytes(32).toString("base64");
}

function space(cloud: Cloud): Space<Record> {
  return cloud.world.space<Record>("kms");
}
