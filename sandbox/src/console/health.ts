import type { Resource } from "../core/definition.ts";
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
  if (process.owner !== undefined) return process.owner === resource.id;
  // A shorter id might be part of some other word.
  return resource.id.length >= 8 && process.name.includes(resource.id);
}
