import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import type { World } from "../../core/world.ts";
import { runServer, stopServer } from "../../plane/workload-server.ts";
import { INSTANCE, isRunning, serverOf } from "./instance-server.ts";

/** What is switched off: an instance, or an Availability Zone with all that stand in it. */
export type Place = { readonly instance: string } | { readonly zone: string };

/** How long the programs of an instance that comes back may take until they take connections. */
const START_MS = 10_000;

// By the world, of which there is one for each sandbox. Outages end with the daemon, as all faults do.
const dark = new WeakMap<World, Set<string>>();

/** Whether the instance is switched off, by itself or with its zone. */
export function isOut(cloud: Cloud, { id, outputs }: Resource): boolean {
  return placesOut(cloud).has(id) || isZoneOut(cloud, text(outputs, "availabilityZone"));
}

/** Whether the zone is switched off. */
export function isZoneOut(cloud: Cloud, zone: string): boolean {
  return placesOut(cloud).has(zone);
}

/** EC2's refusal to launch an instance in a zone that is switched off. */
export function requireCapacity(cloud: Cloud, zone: string, type: string): void {
  if (!isZoneOut(cloud, zone)) return;
  throw new CloudError(
    "InsufficientInstanceCapacity",
    `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}).`,
    500,
  );
}

/**
 * Switches a place off: the programs of its instances are killed as by a power cut, and stay so. EC2 goes on to call the instances running, and their checks fail.
 * Throws EC2's error for an instance that there is not.
 */
export async function switchOff(cloud: Cloud, place: Place): Promise<void> {
  if ("instance" in place && cloud.world.get(INSTANCE, place.instance) === undefined)
    throw new CloudError("InvalidInstanceID.NotFound", `The instance ID '${place.instance}' does not exist`);
  placesOut(cloud).add(nameOf(place));
  await Promise.all(instancesIn(cloud, place).map((row) => stopServer(cloud, row, "SIGKILL")));
}

/** Switches a place on again: its instances start their programs, unless they are out for another reason. What does not answer is noted. */
export async function switchOn(cloud: Cloud, place: Place): Promise<void> {
  placesOut(cloud).delete(nameOf(place));
  const back = instancesIn(cloud, place).filter((row) => isRunning(row) && !isOut(cloud, row));
  await Promise.all(
    back.map((row) =>
      runServer(cloud, serverOf(cloud, row), START_MS).catch((error: unknown) => {
        cloud.note(error instanceof Error ? error.message : String(error));
      }),
    ),
  );
}

function instancesIn(cloud: Cloud, place: Place): Resource[] {
  return cloud.world
    .all(INSTANCE)
    .filter((row) => ("instance" in place ? row.id === place.instance : row.outputs["availabilityZone"] === place.zone));
}

function nameOf(place: Place): string {
  return "instance" in place ? place.instance : place.zone;
}

function placesOut({ world }: Cloud): Set<string> {
  const known = dark.get(world) ?? new Set<string>();
  dark.set(world, known);
  return known;
}
