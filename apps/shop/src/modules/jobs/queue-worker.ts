import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Message, MessageQueue } from "../../platform/queue/queue.ts";
import type { Ending } from "./attempt.ts";
import type { ByMessage, HandOutStore } from "./hand-out-store.ts";
import { UnderWay, type UnderWayNeeds } from "./under-way.ts";
import type { WorkerOptions } from "./worker.ts";

/** What a worker on a queue is made with. */
export interface QueueWorkerNeeds extends Omit<UnderWayNeeds, "leaseMs">, Omit<WorkerOptions, "pollMs"> {
  readonly queue: MessageQueue;
  readonly handOuts: Pick<HandOutStore, "begin">;
  /** How long one question waits for messages, in seconds up to 20. @default 20 */
  readonly waitSeconds?: number;
}

/** A message that this process can do nothing with comes back after so long, and is set aside by the queue when it came too often. */
const NOT_FOR_US_SECONDS = 5;
/** A message of a job that was set aside follows it into the dead-letter queue. */
const DEAD_SECONDS = 1;
/** After a question that the queue did not answer. */
const PAUSE_MS = 1_000;

const body = z.object({ job: z.guid() });

/**
 * Works on the jobs that messages of a queue name, until the signal. The lease in the table and the message are held together while a job is worked on; when its
 * process dies both come free, and another one goes on. A message is removed when its attempt was written down, whatever came of it: the next attempt has a message
 * of its own. That of a job which is set aside is left to the queue, which puts it into its dead-letter queue.
 */
export async function workOnQueue(needs: QueueWorkerNeeds, signal: AbortSignal): Promise<void> {
  const { queue, log, atOnce, leaseMs = 30_000, graceMs = 5_000, waitSeconds = 20 } = needs;
  if (atOnce === 0) return;
  const underWay = new UnderWay({ ...needs, leaseMs });
  const holdSeconds = Math.ceil(leaseMs / 1000);
  /** Messages of the jobs that are worked on here, by job. */
  const handles = new Map<string, string>();
  const working = new Set<Promise<void>>();
  const renew = async (): Promise<void> => {
    const held = await underWay.renew();
    const ours = [...handles].filter(([job]) => held.has(job)).map(([, handle]) => handle);
    await queue.hold(ours, holdSeconds).catch((error: unknown) => log.error(error, { worker: "hold" }));
  };
  const renewal = setInterval(() => void renew(), leaseMs / 3);
  const stopping = new Promise((resolve) => {
    signal.addEventListener("abort", resolve, { once: true });
  });

  const onMessage = async ({ body: text, handle, sentAt }: Message): Promise<void> => {
    const id = jobOf(text);
    if (id === undefined) {
      log.error(new Error("a message in the queue of jobs names no job"), { length: text.length });
      return queue.hold([handle], NOT_FOR_US_SECONDS);
    }
    const outcome = await begin(needs, id, sentAt, leaseMs);
    if (outcome?.kind !== "begun") return afterNoAttempt(queue, handle, outcome);
    handles.set(id, handle);
    const ending = await underWay.run(outcome.job).finally(() => handles.delete(id));
    return afterAttempt(queue, handle, ending);
  };

  try {
    while (!signal.aborted) {
      const free = atOnce - working.size;
      if (free === 0) {
        await Promise.race([...working, stopping]);
        continue;
      }
      const messages = await queue.receive({ most: free, waitSeconds, holdSeconds }, signal).catch(async (error: unknown) => {
        log.error(error, { worker: "receive" });
        await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
        return [];
      });
      for (const message of messages) {
        const done = onMessage(message)
          .catch((error: unknown) => log.error(error, { worker: "message" }))
          .finally(() => working.delete(done));
        working.add(done);
      }
    }
    await underWay.stop(graceMs);
    await Promise.all(working);
  } finally {
    clearInterval(renewal);
  }
}

/** Undefined when the table cannot be asked now. */
async function begin(
  { handOuts, kinds, log }: QueueWorkerNeeds,
  id: string,
  sentAt: Date,
  leaseMs: number,
): Promise<ByMessage | undefined> {
  const names = kinds.map(({ name }) => name);
  try {
    const outcome = await handOuts.begin(id, { kinds: names, sentAt, lease: randomUUID(), leaseMs });
    if (outcome.kind === "exhausted") {
      const { kind, attempts } = outcome.job;
      log.error(new Error("every attempt at the job ended with its process"), {
        job: id,
        kind,
        attempt: attempts,
        ending: "dead",
      });
    }
    return outcome;
  } catch (error) {
    log.error(error, { worker: "begin", job: id });
    return undefined;
  }
}

async function afterNoAttempt(queue: MessageQueue, handle: string, outcome: ByMessage | undefined): Promise<void> {
  switch (outcome?.kind) {
    case "over":
      return queue.remove([handle]);
    case "not-yet":
      // What waits longer than a message may is handed out again anyway.
      return queue.hold([handle], Math.min(43_200, Math.ceil(outcome.inMs / 1000) + 1));
    case "dead":
    case "exhausted":
      return queue.hold([handle], DEAD_SECONDS);
    default:
      return queue.hold([handle], NOT_FOR_US_SECONDS);
  }
}

async function afterAttempt(queue: MessageQueue, handle: string, ending: Ending): Promise<void> {
  if (ending === "done" || ending === "retry") return queue.remove([handle]);
  if (ending === "released") return queue.hold([handle], 0);
  if (ending === "dead") return queue.hold([handle], DEAD_SECONDS);
  // Lost: whoever has the job by now decides what becomes of the message, which comes back by itself.
}

function jobOf(text: string): string | undefined {
  try {
    return body.parse(JSON.parse(text)).job;
  } catch {
    return undefined;
  }
}
