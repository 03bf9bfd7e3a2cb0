import { z } from "zod";
import type { JobKind } from "./kinds.ts";
import type { JobStore } from "./store.ts";

/** How long people can see what became of a job. */
const DONE_DAYS = 7;
/** How long operators have to look at a job that was set aside. */
const DEAD_DAYS = 90;
/** Few enough for one statement's time. */
const AT_ONCE = 5_000;

/** Removes jobs that ended long ago. */
export function sweepJobs(store: JobStore): JobKind {
  return {
    name: "sweep-jobs",
    input: z.object({}),
    everyMinutes: 60,
    async run(_input, { signal }) {
      for (const [state, days] of [
        ["done", DONE_DAYS],
        ["dead", DEAD_DAYS],
      ] as const)
        while ((await store.sweep(state, days, AT_ONCE)) === AT_ONCE) signal.throwIfAborted();
    },
  };
}
