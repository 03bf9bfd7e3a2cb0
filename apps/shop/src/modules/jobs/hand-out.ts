import type { Bell } from "../../platform/bell.ts";
import type { Log } from "../../platform/log.ts";
import type { MessageQueue } from "../../platform/queue/queue.ts";
import type { HandOutStore } from "./hand-out-store.ts";
import type { JobKind } from "./kinds.ts";

/** What jobs are handed out with. */
export interface HandOutNeeds {
  readonly store: Pick<HandOutStore, "take" | "markSent">;
  readonly queue: Pick<MessageQueue, "send">;
  readonly kinds: readonly JobKind[];
  /** Rings when this process has added a job. */
  readonly bell: Bell;
  readonly log: Log;
  /** Between two looks for jobs of other processes, and those whose pause is over. @default 1000 */
  readonly pollMs?: number;
  /** How long jobs wait whose sender died before it sent them. @default 30000 */
  readonly leaseMs?: number;
  /** When a job is sent again that nobody has begun: its message is lost, or the queue is that long. @default one hour */
  readonly againMs?: number;
}

const AT_ONCE = 50;
const HOUR_MS = 3_600_000;

/**
 * Sends a message for every job that is due, until the signal. The table is the outbox: a job counts as handed out after its message was sent, so a process that dies
 * between the two sends it twice and never not at all; who receives it asks the table whether it is still to be done.
 */
export async function handOut(needs: HandOutNeeds, signal: AbortSignal): Promise<void> {
  const { bell, log, pollMs = 1_000 } = needs;
  while (!signal.aborted) {
    const sent = await handOutOnce(needs).catch((error: unknown) => {
      log.error(error, { jobs: "hand-out" });
      return 0;
    });
    if (sent < AT_ONCE) await bell.wait(pollMs, signal);
  }
}

async function handOutOnce({ store, queue, kinds, leaseMs = 30_000, againMs = HOUR_MS }: HandOutNeeds): Promise<number> {
  const names = kinds.map(({ name }) => name);
  const ids = await store.take(names, AT_ONCE, leaseMs);
  if (ids.length === 0) return 0;
  await queue.send(ids.map(messageOf));
  await store.markSent(ids, againMs);
  return ids.length;
}

function messageOf(id: string): string {
  return JSON.stringify({ job: id });
}
