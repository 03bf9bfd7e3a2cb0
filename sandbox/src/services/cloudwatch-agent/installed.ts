import type { Cloud } from "../../core/cloud.ts";
import type { Space } from "../../core/world.ts";

/** The agent on one instance; there is a record once it is installed. */
export type InstalledAgent = {
  running: boolean;
  /** The configuration that it was last given, as text; it takes it over when it starts. */
  given: string;
  /** The configuration that it works by; empty before it has one. */
  active: string;
};

/** The agents of all instances, by instance id. */
export function installedAgents(cloud: Cloud): Space<InstalledAgent> {
  return cloud.world.space<InstalledAgent>("cloudwatch-agent");
}
