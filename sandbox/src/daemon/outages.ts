import type { Cloud } from "../core/cloud.ts";
import { type Place, switchOff, switchOn } from "../services/ec2/outages.ts";
import { fleetOf } from "../services/rds/fleet.ts";

/** Switches a place off, in every service that has something there. Rejects for an instance that there is not. */
export async function beginOutage(cloud: Cloud, place: Place): Promise<void> {
  await switchOff(cloud, place);
  if ("zone" in place) fleetOf(cloud).switchOff(regionOf(place.zone), place.zone);
}

/** Switches a place on again. Never rejects: what does not come back is noted. */
export async function endOutage(cloud: Cloud, place: Place): Promise<void> {
  try {
    await switchOn(cloud, place);
    if ("zone" in place) await fleetOf(cloud).switchOn(regionOf(place.zone));
  } catch (error) {
    cloud.note(`An outage did not end as it should: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The region of a zone: `eu-central-1` of `eu-central-1a`. */
function regionOf(zone: string): string {
  return zone.replace(/[a-z]$/, "");
}
