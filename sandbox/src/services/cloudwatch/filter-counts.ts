import { MINUTE_MS } from "./metric-store.ts";

/** A filter with a default value, and where its metric goes. */
export interface DefaultTo {
  readonly filter: string;
  readonly publish: (minute: number) => void;
}

interface Minute {
  readonly to: DefaultTo;
  matched: boolean;
}

/**
 * Remembers which filters have matched in which minute: a filter's default value is published for a minute in which its group took in lines
 * and none of them matched, and that is known when the minute is over.
 */
export class FilterCounts {
  private readonly minutes = new Map<number, Map<string, Minute>>();

  note(at: number, to: DefaultTo, matched: boolean): void {
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const filters = this.minutes.get(minute) ?? new Map<string, Minute>();
    this.minutes.set(minute, filters);
    const known = filters.get(to.filter);
    if (known === undefined) filters.set(to.filter, { to, matched });
    else known.matched ||= matched;
  }

  /** Publishes the defaults of the minutes that are over. */
  settle(now: number): void {
    for (const [minute, filters] of this.minutes) {
      if (minute + MINUTE_MS > now) continue;
      for (const { to, matched } of filters.values()) if (!matched) to.publish(minute);
      this.minutes.delete(minute);
    }
  }
}
