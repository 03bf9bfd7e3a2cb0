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

/** Runs the chores now and then again and again, each one at a time, until the signal. A run that fails is logged, and tried again when its time comes. Resolves when the last run has ended. */
export async function repeat(chores: readonly Chore[], log: Log, signal: AbortSignal): Promise<void> {
  await Promise.all(chores.map((chore) => repeatOne(chore, log, signal)));
}

async function repeatOne({ name, everyMs, run }: Chore, log: Log, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await run().catch((error: unknown) => log.error(error, { chore: name }));
    // Ends early at the signal, which nothing else does.
    await delay(everyMs / 2 + Math.random() * (everyMs / 2), undefined, { signal }).catch(() => undefined);
  }
}
