import assert from "node:assert/strict";
import { withBackoff } from "../../../../apps/shop/src/platform/backoff.ts";
import { repeat } from "../../../../apps/shop/src/platform/repeat.ts";
import { recordedLog } from "../support/logs.ts";

const QUICK = { firstMs: 1, mostMs: 4, totalMs: 10_000 };

describe("trying again", () => {
  it("goes on until it works, and tells of every failure on the way", async () => {
    const heard: string[] = [];
    let runs = 0;
    const result = await withBackoff(
      () => {
        runs += 1;
        return runs < 4 ? Promise.reject(new Error(`failure ${runs}`)) : Promise.resolve("done");
      },
      { ...QUICK, onRetry: (error, pauseMs) => heard.push(`${(error as Error).message}, ${pauseMs <= 4 ? "short" : "long"}`) },
    );
    assert.equal(result, "done");
    assert.deepEqual(heard, ["failure 1, short", "failure 2, short", "failure 3, short"]);
  });

  it("pauses twice as long each time, up to the most, and at least half of that", async () => {
    const pauses: number[] = [];
    let runs = 0;
    await withBackoff(() => (++runs <= 6 ? Promise.reject(new Error("no")) : Promise.resolve()), {
      firstMs: 2,
      mostMs: 10,
      totalMs: 10_000,
      onRetry: (_error, pauseMs) => pauses.push(pauseMs),
    });
    const bounds = [2, 4, 8, 10, 10, 10];
    assert.equal(pauses.length, bounds.length);
    for (const [index, pause] of pauses.entries()) {
      const bound = bounds[index] ?? 0;
      assert.ok(pause >= bound / 2 && pause <= bound, `pause ${index} of ${pause} ms`);
    }
  });

  it("ends with the last error when the patience does", async () => {
    let runs = 0;
    await assert.rejects(
      withBackoff(() => Promise.reject(new Error(`failure ${++runs}`)), { ...QUICK, totalMs: 0 }),
      { message: "failure 1" },
    );
  });

  it("does not try again what cannot work", async () => {
    let runs = 0;
    const work = (): Promise<never> => Promise.reject(new Error(`failure ${++runs}`));
    await assert.rejects(withBackoff(work, { ...QUICK, retriable: () => false }), { message: "failure 1" });
    assert.equal(runs, 1);
  });

  it("ends at once when told to", async () => {
    const stop = new AbortController();
    const trying = withBackoff(() => Promise.reject(new Error("no")), {
      firstMs: 60_000,
      mostMs: 60_000,
      totalMs: 600_000,
      signal: stop.signal,
      onRetry: () => setImmediate(() => stop.abort()),
    });
    await assert.rejects(trying, { name: "AbortError" });
  });
});

describe("a chore", () => {
  it("is run at once and again and again, one run at a time, also after a run that failed", async () => {
    const { log, lines } = recordedLog();
    const stop = new AbortController();
    let [runs, at, most] = [0, 0, 0];
    const run = async (): Promise<void> => {
      runs += 1;
      at += 1;
      most = Math.max(most, at);
      await new Promise(setImmediate);
      at -= 1;
      if (runs === 2) throw new Error("a bad moment");
      if (runs === 5) stop.abort();
    };
    await repeat([{ name: "sweeping", everyMs: 1, run }], log, stop.signal);
    assert.deepEqual([runs, most], [5, 1]);
    assert.deepEqual(
      lines().map(({ event, message, chore }) => ({ event, message, chore })),
      [{ event: "error", message: "a bad moment", chore: "sweeping" }],
    );
  });

  it("does not hold up the others", async () => {
    const stop = new AbortController();
    const stuck = Promise.withResolvers<undefined>();
    let runs = 0;
    const quick = (): Promise<void> => {
      runs += 1;
      if (runs === 3) {
        stop.abort();
        stuck.resolve(undefined);
      }
      return Promise.resolve();
    };
    const chores = [
      { name: "slow", everyMs: 1, run: () => stuck.promise },
      { name: "quick", everyMs: 1, run: quick },
    ];
    await repeat(chores, recordedLog().log, stop.signal);
    assert.equal(runs, 3);
  });

  it("is waited for at the end, and its pause is not", async () => {
    const stop = new AbortController();
    let finished = false;
    const run = async (): Promise<void> => {
      stop.abort();
      await new Promise(setImmediate);
      finished = true;
    };
    await repeat([{ name: "last", everyMs: 3_600_000, run }], recordedLog().log, stop.signal);
    assert.equal(finished, true);
  });
});
