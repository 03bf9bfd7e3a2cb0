import type { Cloud } from "../core/cloud.ts";
import { Door, type Lead } from "./door.ts";

/** A way in for people. */
export interface OpenDoor {
  /** The id of the resource that the door belongs to, such as an Elastic IP's allocation id; or the name that it stands for. */
  readonly name: string;
  readonly url: string;
  /** The public address or name that it stands for. */
  readonly target: string;
}

type Doors = Map<string, Promise<Door>>;

/** Which doors stand open in this process, by cloud and by port; ports and addresses are remembered in the world. */
const opened = new WeakMap<Cloud, Doors>();
const open = new Map<number, Door>();

/** The local port of a door: chosen once and remembered as long as the address is kept. */
export function doorPort(cloud: Cloud, name: string): Promise<number> {
  return cloud.ports.of(portKey(name));
}

/** What a door stands for. */
export interface Stand {
  /** The public address, or the name. */
  readonly target: string;
  /** Whether it stands for a name: such doors are shown to people first. @default false */
  readonly isName?: boolean;
}

/** Opens the door of that name, or lets the open one lead elsewhere, and resolves with its URL. Idempotent. */
export async function openDoor(cloud: Cloud, name: string, { target, isName = false }: Stand, lead: Lead): Promise<string> {
  const doors = doorsOf(cloud);
  const options = isName ? { name: target } : {};
  const opening = doors.get(name) ?? doorPort(cloud, name).then((port) => Door.open(port, lead, options));
  // Kept before it stands open: whoever asks meanwhile gets the same door.
  doors.set(name, opening);
  try {
    const door = await opening;
    door.lead(lead);
    open.set(door.port, door);
    cloud.addresses.setDoor(name, { url: door.url, target, ...(isName && { isName }) });
    return door.url;
  } catch (error) {
    if (doors.get(name) === opening) doors.delete(name);
    throw error;
  }
}

/** Whether the door of that name stands open in this process. */
export function isOpen(cloud: Cloud, name: string): boolean {
  return doorsOf(cloud).has(name);
}

/** The open door on that port of this machine, if it is one. */
export function doorAt(port: number): Door | undefined {
  return open.get(port);
}

/** Closes a door; its port stays remembered. An unknown one is fine. */
export async function closeDoor(cloud: Cloud, name: string): Promise<void> {
  const opening = doorsOf(cloud).get(name);
  doorsOf(cloud).delete(name);
  cloud.addresses.removeDoor(name);
  await shut(opening);
}

/** Gives a closed door's port back. */
export function forgetDoor(cloud: Cloud, name: string): void {
  cloud.ports.forget(portKey(name));
}

/** Every door, those of names first. */
export function doors(cloud: Cloud): readonly OpenDoor[] {
  return cloud.addresses.doors().map(([name, { url, target }]) => ({ name, url, target }));
}

/** Closes what this process has open, for the end of the daemon: the next one opens the same doors again. */
export async function closeDoors(cloud: Cloud): Promise<void> {
  const all = [...doorsOf(cloud).values()];
  doorsOf(cloud).clear();
  await Promise.all(all.map(shut));
}

async function shut(opening: Promise<Door> | undefined): Promise<void> {
  const door = await opening?.catch(() => undefined);
  if (door === undefined) return;
  open.delete(door.port);
  await door.close();
}

function doorsOf(cloud: Cloud): Doors {
  const known: Doors = opened.get(cloud) ?? new Map<string, Promise<Door>>();
  opened.set(cloud, known);
  return known;
}

function portKey(name: string): string {
  return `door:${name}`;
}
