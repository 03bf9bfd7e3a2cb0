import type { Cloud } from "../../core/cloud.ts";
import type { World } from "../../core/world.ts";

/** How a health check stands. */
export interface Health {
  isHealthy: boolean;
  /** How often in a row it has been as it was last time. */
  inARow: number;
  wasOk: boolean;
  /** When it is asked next, in milliseconds since the epoch. */
  nextAt: number;
}

// By the world, of which there is one for each sandbox however often its Cloud object is copied.
const known = new WeakMap<World, Map<string, Health>>();

/** How a health check stands; one that has not been asked yet counts as healthy (Route 53 Developer Guide, "How Route 53 determines whether a health check is healthy"). */
export function healthOf({ world }: Pick<Cloud, "world">, id: string): Health {
  const all = known.get(world) ?? new Map<string, Health>();
  known.set(world, all);
  const health = all.get(id) ?? { isHealthy: true, inARow: 0, wasOk: true, nextAt: 0 };
  all.set(id, health);
  return health;
}

/** Forgets a health check; an unknown one is fine. */
export function forgetHealth({ world }: Pick<Cloud, "world">, id: string): void {
  known.get(world)?.delete(id);
}
