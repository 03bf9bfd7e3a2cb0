import type { Cloud } from "../core/cloud.ts";
import { Door, type DoorTarget } from "./door.ts";

/** A way in for people. */
export interface OpenDoor {
  /** The id of the resource that the door belongs to: an Elastic IP's allocation id. */
  readonly name: string;
  readonly url: string;
  /** The public address that it stands for. */
  readonly publicIp: string;
}

type Doors = Map<string, Promise<Door>>;

/** Which doors stand open in this process; ports and addresses are remembered in the world. */
const opened = new WeakMap<Cloud, Doors>();

/** The local port of a door: chosen once and remembered as long as the address is kept. */
export function doorPort(cloud: Cloud, name: string): Promise<number> {
  return cloud.ports.of(portKey(name));
}

/** Opens the door of that name, or lets the open one lead to this target, and resolves with its URL. Idempotent. */
export async function openDoor(cloud: Cloud, name: string, publicIp: string, target: DoorTarget | string): Promise<string> {
  const doors = doorsOf(cloud);
  const opening = doors.get(name) ?? doorPort(cloud, name).then((port) => Door.open(port, target));
  // Kept before it stands open: whoever asks meanwhile gets the same door.
  doors.set(name, opening);
  try {
    const door = await opening;
    door.lead(target);
    cloud.addresses.setDoor(name, { url: door.url, target: publicIp });
    return door.url;
  } catch (error) {
    if (doors.get(name) === opening) doors.delete(name);
    throw error;
  }
}

/** Closes a door; its port stays remembered. An unknown one is fine. */
export async function closeDoor(cloud: Cloud, name: string): Promise<void> {
  const door = doorsOf(cloud).get(name);
  doorsOf(cloud).delete(name);
  cloud.addresses.removeDoor(name);
  await (await door?.catch(() => undefined))?.close();
}

/** Gives a closed door's port back. */
export function forgetDoor(cloud: Cloud, name: string): void {
  cloud.ports.forget(portKey(name));
}

/** Every door, in name order. */
export function doors(cloud: Cloud): readonly OpenDoor[] {
  return cloud.addresses.doors().map(([name, { url, target }]) => ({ name, url, publicIp: target }));
}

/** Closes what this process has open, for the end of the daemon: the next one opens the same doors again. */
export async function closeDoors(cloud: Cloud): Promise<void> {
  const all = [...doorsOf(cloud).values()];
  doorsOf(cloud).clear();
  await Promise.all(all.map(async (door) => (await door).close()));
}

function doorsOf(cloud: Cloud): Doors {
  const known: Doors = opened.get(cloud) ?? new Map<string, Promise<Door>>();
  opened.set(cloud, known);
  return known;
}

function portKey(name: string): string {
  return `door:${name}`;
}
