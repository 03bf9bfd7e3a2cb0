import { setTimeout as delay } from "node:timers/promises";

/** Tells a loop of this process that there is something to do, so that it need not ask often. */
export class Bell {
  #rung = false;
  #hear: (() => void) | undefined;

  /** Wakes the one who waits, or lets the next wait end at once. */
  ring(): void {
    this.#rung = true;
    this.#hear?.();
  }

  /** Waits until it rings, the time is over or the signal comes. One at a time. */
  async wait(mostMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung) {
      const over = new AbortController();
      this.#hear = () => over.abort();
      await delay(mostMs, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch(() => undefined);
      this.#hear = undefined;
    }
    this.#rung = false;
  }
}
