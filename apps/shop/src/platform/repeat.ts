import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "./log.ts";

/** Work that is done again and again in the background. */
export interface Chore {
  /** Names it in the log. */
  readonly name: string;
  /** Between the end of one run and the beginning of the next. Half of it is drawn at random, so that processes do not run in step. */
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
}

/** Runs the chores, each one at a time, until the signal. A run that fails is logged, and tried again when its time comes. Resolves when the last run has ended. */
export async function repeat(chores: readonly Chore[], log: Log, signal: AbortSignal): Promise<void> {
  await Promise.all(chores.map((chore) => repeatOne(chore, log, signal)));
}

async function repeatOne({ name, everyMs, run }: Chore, log: Log, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await delay(everyMs / 2 + Math.random() * (everyMs / 2), undefined, { signal });
    } catch {
      return; // The signal: nothing else ends a pause early.
    }
    await run().catch((error: unknown) => log.error(error, { chore: name }));
  }
}
