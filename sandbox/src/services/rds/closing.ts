import type { Cloud } from "../../core/cloud.ts";
import { fleetOf } from "./fleet.ts";
import { proxiesOf } from "./proxies.ts";

/** Closes the endpoints of a cloud's databases and their proxies, for the daemon's end. */
export async function closeDatabases(cloud: Cloud): Promise<void> {
  await proxiesOf(cloud).stop();
  await fleetOf(cloud).close();
}
