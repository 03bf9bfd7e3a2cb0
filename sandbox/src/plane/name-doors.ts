import type { Cloud } from "../core/cloud.ts";
import type { Space, World } from "../core/world.ts";
import type { DoorTarget } from "./door.ts";
import { closeDoor, doorAt, doorPort, forgetDoor, isOpen, openDoor } from "./doors.ts";
import { Turns } from "./load-balancer/shares.ts";

/** What a name server says of a name. */
// Types, not interfaces: only type aliases may stand where the world's JSON values are asked for.
export type Answer = {
  readonly places: Place[];
  /** How long those who ask may remember it. */
  readonly ttlSeconds: number;
};

/** Where a name leads. */
export type Place = {
  /** A public address, or a name of AWS's own. */
  readonly address: string;
  /** Its share beside the others, as of clients that each ask for themselves; 0 gets nothing. */
  readonly weight: number;
};

/** What is known of a name. */
type Known = {
  /** What name servers say now. */
  readonly live?: Answer;
  /** Where a server says that the name leads, for names that somebody else's name servers keep. */
  readonly claim?: string;
  /** What those who asked before the last change go on with, until the time (milliseconds since the epoch). */
  readonly kept?: { readonly answer: Answer; readonly until: number };
};

const PUBLIC_PORTS = [443, 80];

/**
 * Says what a name answers from now on; nothing, where no answer is given. The name's door leads there: it stands for all clients that resolve the name, so it
 * goes on with the answer of before until the time for which that may be remembered has passed. The door's port stays the same, whatever the name answers.
 */
export async function answerName(cloud: Cloud, name: string, answer: Answer | undefined): Promise<void> {
  const { claim, kept, live } = knownOf(cloud, name);
  const isSame = JSON.stringify(live) === JSON.stringify(answer);
  const isRemembered = kept !== undefined && cloud.now() < kept.until;
  const until = cloud.now() + 1000 * Math.min(live?.ttlSeconds ?? 0, cloud.maxTtlSeconds ?? Infinity);
  const before = live === undefined || isSame ? undefined : { answer: live, until };
  const next = isRemembered ? kept : before;
  await settle(cloud, name, {
    ...(claim !== undefined && { claim }),
    ...(answer !== undefined && { live: answer }),
    ...(next !== undefined && { kept: next }),
  });
}

/** Says to which public address a name leads that has no record here: a server behind that address takes requests for it. */
export async function claimName(cloud: Cloud, name: string, address: string): Promise<void> {
  await settle(cloud, name, { ...knownOf(cloud, name), claim: address });
}

/** Takes back what servers behind an address have claimed. */
export async function unclaimNames(cloud: Cloud, address: string): Promise<void> {
  for (const [name, { claim, ...known }] of space(cloud.world).entries()) if (claim === address) await settle(cloud, name, known);
}

/** Whether the sandbox has a door for the name. */
export function hasDoor(cloud: Cloud, name: string): boolean {
  return PUBLIC_PORTS.every((port) => cloud.addresses.resolve(`${name}:${port}`) !== undefined);
}

/** Names that are known here, whether they lead somewhere or not. */
export function knownNames(cloud: Cloud): string[] {
  return space(cloud.world)
    .entries()
    .map(([name]) => name);
}

/** Forgets a name, and gives the port of its door back. An unknown one is fine. */
export async function forgetName(cloud: Cloud, name: string): Promise<void> {
  await closeDoor(cloud, name);
  forgetDoor(cloud, name);
  space(cloud.world).delete(name);
  remembered.get(cloud.world)?.delete(name);
}

/**
 * Where a client that resolves the name gets to now, on this machine; a string says why it gets nowhere. For programs of the sandbox that ask other servers
 * themselves: they need no door in between.
 */
export function locateName(cloud: Cloud, name: string): DoorTarget | string {
  const { answer, claim, turns } = resolverOf(cloud, name.toLowerCase());
  const found = turns.next((answer?.places ?? []).map((place) => ({ of: place, weight: place.weight })));
  const address = found?.address ?? claim;
  if (address === undefined) return `The name ${name} leads nowhere.`;
  const local = PUBLIC_PORTS.map((port) => cloud.addresses.resolve(`${address}:${port}`)).find((each) => each !== undefined);
  if (local === undefined) return `The name ${name} leads to ${address}, where nothing answers.`;
  // What a door of ours leads to is asked directly: one hop less.
  return doorAt(local.port)?.target ?? { port: local.port, what: address, proxied: false };
}

/** Writes down what is known of the name, and opens its door where it leads somewhere. */
async function settle(cloud: Cloud, name: string, known: Known): Promise<void> {
  const leads = known.live !== undefined || known.claim !== undefined;
  const isSame = JSON.stringify(known) === JSON.stringify(knownOf(cloud, name));
  if (isSame && (!leads || isOpen(cloud, name))) return;
  space(cloud.world).set(name, known);
  remembered.get(cloud.world)?.delete(name);
  if (!leads) {
    // The door stays open for those who remember the name; it is shown to nobody any more.
    cloud.addresses.removeDoor(name);
    for (const port of PUBLIC_PORTS) cloud.addresses.remove(`${name}:${port}`);
    return;
  }
  const local = { host: "127.0.0.1", port: await doorPort(cloud, name) } as const;
  for (const port of PUBLIC_PORTS) cloud.addresses.set(`${name}:${port}`, local);
  await openDoor(cloud, name, { target: name, isName: true }, () => locateName(cloud, name));
}

/** What clients go by, kept in memory: it is asked for with each request. */
interface Resolver {
  readonly answer: Answer | undefined;
  readonly claim: string | undefined;
  readonly turns: Turns<Place>;
  /** When it is to be looked up again. */
  readonly until: number;
}

// By the world, of which there is one for each sandbox however often its Cloud object is copied.
const remembered = new WeakMap<World, Map<string, Resolver>>();

function resolverOf(cloud: Cloud, name: string): Resolver {
  const resolvers = remembered.get(cloud.world) ?? new Map<string, Resolver>();
  remembered.set(cloud.world, resolvers);
  const found = resolvers.get(name);
  const now = cloud.now();
  if (found !== undefined && now < found.until) return found;
  const { live, claim, kept } = knownOf(cloud, name);
  const isKept = kept !== undefined && now < kept.until;
  const resolver = {
    answer: isKept ? kept.answer : live,
    claim,
    turns: new Turns<Place>(),
    until: isKept ? kept.until : Infinity,
  };
  resolvers.set(name, resolver);
  return resolver;
}

function knownOf({ world }: Cloud, name: string): Known {
  return space(world).get(name) ?? {};
}

function space(world: World): Space<Known> {
  return world.space<Known>("names");
}
