import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type JobKind, type JobRun, NonRetryableError } from "../../../../../apps/shop/src/modules/jobs/index.ts";
import { kindOf, type Workplace, workplaceAt } from "../../support/jobs.ts";
import { recordedLog } from "../../support/logs.ts";
import { migratedDatabase } from "../../support/postgres.ts";
import { until } from "../../support/until.ts";

describe("a worker", () => {
  let place: Workplace;
  beforeEach(async () => (place = workplaceAt(await migratedDatabase())));
  afterEach(() => place.close());

  const stateOf = async (id: string): Promise<unknown> => (await place.row(id))["state"];
  const ends = (id: string, state: string): Promise<void> => until(async () => (await stateOf(id)) === state);

  it("does a job with its input, its person and its number, and marks it as done", async () => {
    const [seen, userId] = [[] as unknown[], randomUUID()];
    const kind = kindOf("greet", (input, { id, attempt, userId: whose }) => void seen.push({ input, id, attempt, whose }));
    place.start([kind]);
    const id = await place.jobs.add(kind, { input: { name: "Ada" }, userId });
    await ends(id, "done");
    assert.deepEqual(seen, [{ input: { name: "Ada" }, id, attempt: 1, whose: userId }]);
    const { progress, attempts, last_error, finished_at } = await place.row(id);
    assert.deepEqual({ progress, attempts, last_error }, { progress: 100, attempts: 1, last_error: null });
    assert.ok(finished_at instanceof Date);
  });

  it("does jobs that are there when it comes, those due longest first", async () => {
    const order: unknown[] = [];
    const kind = kindOf("in-turn", (input) => void order.push(input));
    const ids = [];
    for (const input of ["one", "two", "three"]) ids.push(await place.jobs.add(kind, { input }));
    place.start([kind], { atOnce: 1 });
    await ends(ids[2] ?? "", "done");
    assert.deepEqual(order, ["one", "two", "three"]);
  });

  it("tries again after a failure, remembers why, and forgets it when it went well", async () => {
    const kind = kindOf("third-time", (_input, { attempt }) => {
      if (attempt < 3) throw new Error(`attempt ${attempt} failed`);
    });
    const { log, lines } = recordedLog();
    place.start([kind], { log });
    const id = await place.jobs.add(kind, { input: null });
    await ends(id, "done");
    const { attempts, last_error } = await place.row(id);
    assert.deepEqual({ attempts, last_error }, { attempts: 3, last_error: null });
    assert.deepEqual(
      lines().map(({ level, event, job, kind: name, attempt, ending, message }) => ({
        level,
        event,
        job,
        name,
        attempt,
        ending,
        message,
      })),
      [
        { level: "warn", event: "job", job: id, name: "third-time", attempt: 1, ending: "retry", message: "attempt 1 failed" },
        { level: "warn", event: "job", job: id, name: "third-time", attempt: 2, ending: "retry", message: "attempt 2 failed" },
        { level: "info", event: "job", job: id, name: "third-time", attempt: 3, ending: "done", message: undefined },
      ],
    );
  });

  it("waits before the next attempt", async () => {
    const kind = kindOf("later", () => Promise.reject(new Error("not now")));
    place.start([kind], { retry: { firstMs: 3_600_000, mostMs: 3_600_000 } });
    const id = await place.jobs.add(kind, { input: null });
    await ends(id, "waiting");
    await until(async () => (await place.row(id))["attempts"] === 1);
    const { due_at } = await place.row(id);
    assert.ok((due_at as Date).getTime() > Date.now());
  });

  it("sets a job aside after its last attempt, and does it when an operator redrives it", async () => {
    let broken = true;
    const kind = kindOf("fragile", () => (broken ? Promise.reject(new Error("it is broken")) : undefined), { attempts: 3 });
    const { log, lines } = recordedLog();
    place.start([kind], { log });
    const id = await place.jobs.add(kind, { input: null });
    await ends(id, "dead");
    const [dead] = (await place.jobs.deadJobs(undefined, 10)).jobs;
    assert.deepEqual([dead?.id, dead?.attempts, dead?.lastError], [id, 3, "it is broken"]);
    assert.equal(lines().filter(({ level, ending }) => level === "error" && ending === "dead").length, 1);
    broken = false;
    assert.equal(await place.jobs.redrive(id), true);
    await ends(id, "done");
    assert.equal((await place.row(id))["attempts"], 1);
    assert.equal(await place.jobs.redrive(id), false);
    assert.deepEqual(await place.jobs.deadJobs(undefined, 10), { jobs: [], next: undefined });
  });

  it("sets a job aside at once when no other attempt can go better", async () => {
    const kind = kindOf("hopeless", () => Promise.reject(new NonRetryableError("there is no such order")));
    place.start([kind]);
    const id = await place.jobs.add(kind, { input: null });
    await ends(id, "dead");
    const { attempts, last_error } = await place.row(id);
    assert.deepEqual({ attempts, last_error }, { attempts: 1, last_error: "there is no such order" });
  });

  it("sets a job aside at once whose input is not what its kind takes", async () => {
    const kind: JobKind = {
      name: "strict",
      input: z.object({ order: z.guid() }),
      run: () => Promise.reject(new Error("not reached")),
    };
    place.start([kind]);
    const id = await place.jobs.add(kind, { input: { order: "1" } });
    await ends(id, "dead");
    assert.equal((await place.row(id))["last_error"], "The input is not what this kind of job takes.");
  });

  it("gives up an attempt that takes too long, even when the handler does not heed the signal", async () => {
    const signals: AbortSignal[] = [];
    const kind = kindOf(
      "endless",
      (_input, { signal }) => {
        signals.push(signal);
        return new Promise<void>(() => undefined);
      },
      { seconds: 0.01, attempts: 2 },
    );
    place.start([kind]);
    const id = await place.jobs.add(kind, { input: null });
    await ends(id, "dead");
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true],
    );
    assert.equal((await place.row(id))["last_error"], "The attempt took longer than 0.01 s.");
  });

  it("shows how far a job is", async () => {
    const [reached, go] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const kind = kindOf("long", async (_input, { progress }) => {
      await progress(41.9, "2 of 5 pages");
      reached.resolve(undefined);
      await go.promise;
    });
    place.start([kind]);
    const userId = randomUUID();
    const id = await place.jobs.add(kind, { input: null, userId });
    await reached.promise;
    const job = await place.jobs.job(userId, id);
    assert.deepEqual([job?.state, job?.progress, job?.note], ["running", 41, "2 of 5 pages"]);
    go.resolve(undefined);
    await ends(id, "done");
  });

  it("has no more jobs at a time than it is told to", async () => {
    let [at, most] = [0, 0];
    const kind = kindOf("crowd", async () => {
      at += 1;
      most = Math.max(most, at);
      await new Promise(setImmediate);
      at -= 1;
    });
    const ids = await Promise.all(Array.from({ length: 20 }, () => place.jobs.add(kind, { input: null })));
    place.start([kind], { atOnce: 3 });
    for (const id of ids) await ends(id, "done");
    assert.equal(most, 3);
  });

  it("does nothing at all with no place for a job", async () => {
    const stop = place.start([kindOf("none", () => undefined)], { atOnce: 0 });
    await stop();
  });

  it("leaves kinds that it does not know to others", async () => {
    const [old, young] = [kindOf("old", () => undefined), kindOf("new-in-the-next-version", () => undefined)];
    place.start([old]);
    const unknown = await place.jobs.add(young, { input: null });
    await ends(await place.jobs.add(old, { input: null }), "done");
    const { state, attempts } = await place.row(unknown);
    assert.deepEqual({ state, attempts }, { state: "waiting", attempts: 0 });
  });

  describe("when it is told to stop", () => {
    it("lets what is under way come to its end, and begins nothing", async () => {
      const [begun, go] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
      const kind = kindOf("slow", async () => {
        begun.resolve(undefined);
        await go.promise;
      });
      const stop = place.start([kind], { atOnce: 1 });
      const [first, second] = [await place.jobs.add(kind, { input: 1 }), await place.jobs.add(kind, { input: 2 })];
      await begun.promise;
      const stopped = stop();
      go.resolve(undefined);
      await stopped;
      assert.deepEqual([await stateOf(first), await stateOf(second)], ["done", "waiting"]);
    });

    it("gives back what does not end in time, as if it had not begun", async () => {
      const begun = Promise.withResolvers<undefined>();
      const kind = kindOf("stuck", () => {
        begun.resolve(undefined);
        return new Promise<void>(() => undefined);
      });
      const stop = place.start([kind], { graceMs: 1 });
      const id = await place.jobs.add(kind, { input: null });
      await begun.promise;
      await stop();
      const { state, attempts, lease } = await place.row(id);
      assert.deepEqual({ state, attempts, lease }, { state: "waiting", attempts: 0, lease: null });
    });
  });

  describe("while others work beside it", () => {
    it("does every job once, whoever takes it", async () => {
      const done = new Map<unknown, number>();
      const kind = kindOf("shared", (input) => void done.set(input, (done.get(input) ?? 0) + 1));
      for (let worker = 0; worker < 4; worker += 1) place.start([kind], { atOnce: 5 });
      const ids = await Promise.all(Array.from({ length: 200 }, (_, input) => place.jobs.add(kind, { input })));
      await until(async () => (await place.jobs.counts()).waiting + (await place.jobs.counts()).running === 0);
      assert.equal(done.size, 200);
      assert.deepEqual([...new Set(done.values())], [1]);
      assert.equal(new Set(ids).size, 200);
    });

    it("keeps its job for as long as it works on it", async () => {
      const [begun, go] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
      const kind = kindOf("kept", async () => {
        begun.resolve(undefined);
        await go.promise;
      });
      place.start([kind], { leaseMs: 300 });
      place.start([kind], { leaseMs: 300 });
      const id = await place.jobs.add(kind, { input: null });
      await begun.promise;
      const renewals = new Set<number>();
      await until(async () => {
        renewals.add(((await place.row(id))["due_at"] as Date).getTime());
        return renewals.size >= 5;
      });
      go.resolve(undefined);
      await ends(id, "done");
      assert.equal((await place.row(id))["attempts"], 1);
    });

    it("stops working on a job that somebody else has taken over, and spoils nothing of theirs", async () => {
      const runs: JobRun[] = [];
      const [slow, ended] = [Promise.withResolvers<undefined>(), Promise.withResolvers<unknown>()];
      const kind = kindOf("contested", async (_input, run) => {
        runs.push(run);
        if (runs.length > 1) return;
        await slow.promise;
        await run.progress(1).catch(ended.resolve);
      });
      // Never renews within this test: it has stalled.
      place.start([kind], { atOnce: 1, leaseMs: 3_600_000 });
      const id = await place.jobs.add(kind, { input: null });
      await until(() => runs.length === 1);
      await place.letTimePass();
      place.start([kind], { atOnce: 1 });
      await ends(id, "done");
      slow.resolve(undefined);
      assert.equal(((await ended.promise) as Error).message, "somebody else has the job");
      const { state, attempts, progress } = await place.row(id);
      assert.deepEqual({ state, attempts, progress }, { state: "done", attempts: 2, progress: 100 });
    });

    it("hears through its signal that it has lost a job", async () => {
      const aborted = Promise.withResolvers<unknown>();
      const kind = kindOf("lost", (_input, { signal, attempt }) => {
        if (attempt > 1) return;
        signal.addEventListener("abort", () => aborted.resolve(signal.reason));
        return new Promise<void>(() => undefined);
      });
      place.start([kind], { leaseMs: 30 });
      const id = await place.jobs.add(kind, { input: null });
      await until(async () => (await stateOf(id)) === "running");
      await place.database.query({ text: "UPDATE jobs.jobs SET lease = gen_random_uuid() WHERE id = $1", values: [id] });
      assert.equal(((await aborted.promise) as Error).message, "somebody else has the job");
      await ends(id, "done");
    });
  });
});
