import type { Cloud } from "../../core/cloud.ts";
import type { World } from "../../core/world.ts";
import { MessageStore } from "./store.ts";

/** What CloudWatch counts between two minutes, by its metric's name. */
export type Traffic = Map<string, number>;

/** Longer than a timer may take: 20 s is the longest that a receiver waits. */
const LONGEST_WAIT_MS = 20_000;

/** The messages of one sandbox, who waits for them, and what went through. Opened when first asked for. */
export class Messaging {
  readonly store: MessageStore;
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly traffic = new Map<string, Traffic>();
  private readonly purged = new Map<string, number>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(cloud: Cloud) {
    this.store = new MessageStore(cloud.home);
  }

  /** Wakes whoever waits for a message of the queue. */
  arrived(queue: string): void {
    for (const wake of [...(this.waiting.get(queue) ?? [])]) wake();
  }

  /** Resolves when something may have come into the queue, when `milliseconds` are over, or when the client has gone. */
  async wait(queue: string, milliseconds: number, gone: AbortSignal): Promise<void> {
    const others = this.waiting.get(queue) ?? new Set();
    this.waiting.set(queue, others);
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        gone.removeEventListener("abort", wake);
        others.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(Math.max(milliseconds, 1), LONGEST_WAIT_MS));
      gone.addEventListener("abort", wake);
      others.add(wake);
      if (gone.aborted) wake();
    });
  }

  /** How many receivers wait for a message of the queue. */
  receivers(queue: string): number {
    return this.waiting.get(queue)?.size ?? 0;
  }

  /** Does something after a while, unless the sandbox is closed before; nothing waits for it. */
  later(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      work();
    }, milliseconds).unref();
    this.timers.add(timer);
  }

  /** Adds to one of a queue's counters. */
  count(queue: string, metric: string, amount: number): void {
    const counters = this.traffic.get(queue) ?? new Map<string, number>();
    this.traffic.set(queue, counters);
    counters.set(metric, (counters.get(metric) ?? 0) + amount);
  }

  /** What was counted since this was last asked. */
  taken(queue: string): Traffic {
    const counters = this.traffic.get(queue) ?? new Map<string, number>();
    this.traffic.delete(queue);
    return counters;
  }

  /** Whether the queue may be emptied now; a minute must be between two times. Remembers that it was. */
  mayPurge(queue: string, now: number): boolean {
    if (now < (this.purged.get(queue) ?? -Infinity) + 60_000) return false;
    this.purged.set(queue, now);
    return true;
  }

  /** Ends what was to be done later, and closes the file. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.store.close();
  }

  /** Forgets a queue that is deleted, with its messages; who waits for one is told. */
  forget(queue: string): void {
    this.store.drop(queue);
    this.traffic.delete(queue);
    this.purged.delete(queue);
    this.arrived(queue);
  }
}

// By the world, of which there is one for each sandbox however often its Cloud object is copied.
const open = new WeakMap<World, Messaging>();

/** The messages of this sandbox. */
export function messagingOf(cloud: Cloud): Messaging {
  const known = open.get(cloud.world);
  if (known !== undefined) return known;
  const made = new Messaging(cloud);
  open.set(cloud.world, made);
  return made;
}

/** Closes the file of the messages. The daemon calls it last; using a queue again opens it again. */
export function closeMessaging(cloud: Cloud): void {
  open.get(cloud.world)?.close();
  open.delete(cloud.world);
}
