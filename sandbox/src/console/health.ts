import type { Resource } from "../core/definition.ts";
import { text } from "../core/values.ts";
import type { ConsoleProcess } from "./sources.ts";

/** How a thing does. `declared`: remembered faithfully, nothing runs for it on this machine. */
export type Health = "ok" | "starting" | "down" | "declared";

/** What a health is called, for those who do not see its colour. */
export const HEALTH_WORDS: Readonly<Record<Health, string>> = {
  ok: "running",
  starting: "starting",
  down: "down",
  declared: "declared",
};

/** The health that a process lends to what it plays. */
export const PROCESS_HEALTH: Readonly<Record<ConsoleProcess["state"], Health>> = {
  ready: "ok",
  starting: "starting",
  waiting: "down",
  stopped: "down",
};

/** Tells how each resource does: the worst of the processes that play it. */
export function healthOf(processes: readonly ConsoleProcess[]): (resource: Resource) => Health {
  return (resource) => {
    if (resource.phase !== "ready") return "starting";
    const healths = processes.filter((process) => plays(process, resource)).map(({ state }) => PROCESS_HEALTH[state]);
    return (["down", "starting", "ok"] as const).find((health) => healths.includes(health)) ?? "declared";
  };
}

function plays(process: ConsoleProcess, resource: Resource): boolean {
  const ids = [resource.id, text(resource.outputs, "clusterIdentifier")];
  if (process.owner !== undefined) return ids.includes(process.owner);
  // Each instance of a database has its own process, whose name ends with a hyphen and six digits of the instance's other id.
  if (resource.type === "aws:rds/clusterInstance:ClusterInstance") return process.name.slice(0, -7) === `postgres-${resource.id}`;
  // A shorter id might be part of some other word.
  return ids.some((id) => id.length >= 8 && process.name.includes(id));
}
