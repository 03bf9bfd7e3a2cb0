/** A window is looked at in so many steps. */
const STEPS = 60;
/** AWS WAF keeps so many clients of a rule apart (AWS WAF Developer Guide, "Rate-based rule caveats"). */
const MOST_KEYS = 10_000;

/** Counts requests by client over a window that moves along. */
export class RateCounter {
  private readonly stepMs: number;
  /** Client → number of the step → requests in it. The client that was seen last stands last. */
  private readonly seen = new Map<string, Map<number, number>>();

  constructor(windowSeconds: number) {
    this.stepMs = (windowSeconds * 1000) / STEPS;
  }

  /** Counts a request, and says how many the client has made in the window that ends now, this one included. */
  count(client: string, now: number): number {
    const step = Math.floor(now / this.stepMs);
    const steps = this.seen.get(client) ?? new Map<number, number>();
    this.seen.delete(client);
    this.seen.set(client, steps);
    for (const past of steps.keys()) if (past <= step - STEPS) steps.delete(past);
    steps.set(step, (steps.get(step) ?? 0) + 1);
    const [longestSilent] = this.seen.keys();
    if (this.seen.size > MOST_KEYS && longestSilent !== undefined) this.seen.delete(longestSilent);
    return [...steps.values()].reduce((sum, requests) => sum + requests, 0);
  }
}
