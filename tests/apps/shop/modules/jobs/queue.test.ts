import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { StartMessageMoveTaskCommand } from "@aws-sdk/client-sqs";
import type { JobKind } from "../../../../../apps/shop/src/modules/jobs/index.ts";
import { arnOf } from "../../../../sandbox/services/sqs/support.ts";
import { kindOf } from "../../support/jobs.ts";
import { recordedLog } from "../../support/logs.ts";
import { migratedDatabase, query } from "../../support/postgres.ts";
import { type QueuePlace, queuePlaceAt } from "../../support/queue.ts";
import { ShopProcess } from "../../support/process.ts";
import { until } from "../../support/until.ts";

const PROGRAM = fileURLToPath(new URL("../../support/killable-worker.ts", import.meta.url));

describe("jobs that are handed out through SQS", function () {
  this.timeout(30_000);
  let url: string;
  let place: QueuePlace;
  beforeEach(async () => {
    url = await migratedDatabase();
    place = await queuePlaceAt(url);
  });
  afterEach(() => place.end());

  const stateOf = async (id: string): Promise<unknown> => (await place.row(id))["state"];
  const ends = (id: string, state: string): Promise<void> => until(async () => (await stateOf(id)) === state);
  const depths = async (): Promise<Record<string, string>> => ({
    jobs: (await place.sqs.depth("jobs")).join(" "),
    failed: (await place.sqs.depth("failed")).join(" "),
  });
  const EMPTY = { jobs: "0 0 0", failed: "0 0 0" };
  /** A kind of job that counts how often it was done. */
  const counting = (more: Partial<JobKind> = {}): { kind: JobKind; runs: () => number } => {
    let runs = 0;
    return { kind: kindOf("counting", () => void (runs += 1), more), runs: () => runs };
  };

  it("are done by whoever receives the message, and leave nothing in the queue", async () => {
    const seen: unknown[] = [];
    const kind = kindOf("greet", (input) => void seen.push(input));
    place.startHandOut([kind]);
    place.startOnQueue([kind]);
    const id = await place.jobs.add(kind, { input: { name: "Ada" } });
    await ends(id, "done");
    await until(async () => (await place.sqs.depth("jobs")).join(" ") === "0 0 0");
    assert.deepEqual(seen, [{ name: "Ada" }]);
    assert.deepEqual(await depths(), EMPTY);
  });

  it("are done once when their message comes three times, one after the other or at once", async () => {
    const { kind, runs } = counting();
    const id = await place.jobs.add(kind, { input: null });
    const body = JSON.stringify({ job: id });
    await place.queue.send([body, body, body]);
    place.startOnQueue([kind], { atOnce: 10 });
    await ends(id, "done");
    await place.queue.send([body]);
    // Until the last one has been received and taken off.
    await until(async () => (await place.sqs.depth("jobs")).join(" ") === "0 0 0");
    assert.equal(runs(), 1);
    assert.equal((await place.row(id))["attempts"], 1);
  });

  it("are all done once by several workers", async () => {
    const done = new Map<unknown, number>();
    const kind = kindOf("shared", (input) => void done.set(input, (done.get(input) ?? 0) + 1));
    for (let worker = 0; worker < 2; worker += 1) {
      place.startHandOut([kind]);
      place.startOnQueue([kind], { atOnce: 5 });
    }
    await Promise.all(Array.from({ length: 60 }, (_, input) => place.jobs.add(kind, { input })));
    await until(async () => (await query(url, "SELECT FROM jobs.jobs WHERE state = 'done'")).length === 60);
    assert.deepEqual([done.size, [...new Set(done.values())]], [60, [1]]);
  });

  it("get a message of their own for the next attempt", async () => {
    const kind = kindOf("third-time", (_input, { attempt }) => {
      if (attempt < 3) throw new Error(`attempt ${attempt} failed`);
    });
    place.startHandOut([kind]);
    place.startOnQueue([kind]);
    const id = await place.jobs.add(kind, { input: null });
    await ends(id, "done");
    await until(async () => (await place.sqs.depth("jobs")).join(" ") === "0 0 0");
    assert.deepEqual([(await place.row(id))["attempts"], await depths()], [3, EMPTY]);
  });

  describe("when a process dies while it hands them out", () => {
    it("are sent again when it did not come to say that they were sent, and done once", async () => {
      const { kind, runs } = counting();
      const id = await place.jobs.add(kind, { input: null });
      let sent = 0;
      const died = Promise.withResolvers<undefined>();
      const dying = { take: place.handOuts.take.bind(place.handOuts), markSent: () => died.promise };
      const queue = { send: (bodies: readonly string[]) => place.queue.send(bodies).then(() => void (sent += bodies.length)) };
      place.startHandOut([kind], { store: dying, queue });
      await until(() => sent === 1);
      await place.letTimePass();
      place.startHandOut([kind], { queue });
      await until(() => sent === 2);
      place.startOnQueue([kind]);
      await ends(id, "done");
      await until(async () => (await place.sqs.depth("jobs")).join(" ") === "0 0 0");
      assert.equal(runs(), 1);
      died.resolve(undefined);
    });

    it("are sent by another when it did not come to send them", async () => {
      const { kind } = counting();
      const id = await place.jobs.add(kind, { input: null });
      assert.deepEqual(await place.handOuts.take([kind.name], 10, 30_000), [id]);
      assert.deepEqual(await place.handOuts.take([kind.name], 10, 30_000), []);
      await place.letTimePass();
      place.startHandOut([kind]);
      place.startOnQueue([kind]);
      await ends(id, "done");
    });
  });

  it("wait in the table while the queue cannot be reached, and are sent when it can", async () => {
    const { kind, runs } = counting();
    const { log, lines } = recordedLog();
    let away = true;
    const queue = {
      send: (bodies: readonly string[]) => (away ? Promise.reject(new Error("the queue is away")) : place.queue.send(bodies)),
    };
    place.startHandOut([kind], { queue, log, leaseMs: 1 });
    place.startOnQueue([kind]);
    const id = await place.jobs.add(kind, { input: null });
    await until(() => lines().length >= 2);
    assert.deepEqual([await stateOf(id), lines()[0]?.["message"]], ["waiting", "the queue is away"]);
    away = false;
    await ends(id, "done");
    assert.equal(runs(), 1);
  });

  it("stay with their worker, in the table and in the queue, for as long as it works on them", async () => {
    const [begun, go] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const kind = kindOf("long", async () => {
      begun.resolve(undefined);
      await go.promise;
    });
    const holds: number[] = [];
    const queue = {
      send: place.queue.send.bind(place.queue),
      receive: place.queue.receive.bind(place.queue),
      remove: place.queue.remove.bind(place.queue),
      close: () => undefined,
      async hold(handles: readonly string[], seconds: number) {
        await place.queue.hold(handles, seconds);
        if (handles.length > 0) holds.push(seconds);
      },
    };
    place.startHandOut([kind]);
    place.startOnQueue([kind], { queue, leaseMs: 6_000 });
    const id = await place.jobs.add(kind, { input: null });
    await begun.promise;
    await until(() => holds.length >= 1);
    // By the queue's clock the message would have come back by now, had it not been held again.
    place.sqs.pass(2);
    await until(() => holds.length >= 2);
    place.sqs.pass(2);
    assert.deepEqual(await place.sqs.depth("jobs"), ["0", "1", "0"]);
    go.resolve(undefined);
    await ends(id, "done");
    assert.deepEqual([(await place.row(id))["attempts"], [...new Set(holds)]], [1, [6]]);
  });

  describe("that are set aside", () => {
    /** One job whose message is in the dead-letter queue; what made it fail is mended. */
    const setAside = async (attempts: number): Promise<string> => {
      let broken = true;
      const kind = kindOf("fragile", () => (broken ? Promise.reject(new Error("it is broken")) : undefined), { attempts });
      place.startHandOut([kind]);
      place.startOnQueue([kind]);
      const id = await place.jobs.add(kind, { input: null });
      await ends(id, "dead");
      await until(async () => (await place.sqs.depth("failed"))[0] === "1");
      broken = false;
      return id;
    };

    it("have their message in the dead-letter queue, and are done when an operator redrives them in the product", async () => {
      const id = await setAside(2);
      assert.equal(await place.jobs.redrive(id), true);
      await ends(id, "done");
    });

    it("are done when an operator moves the message back", async () => {
      const id = await setAside(1);
      // Some time goes by until an operator has seen it.
      await query(url, "UPDATE jobs.jobs SET finished_at = now() - interval '2 minutes'");
      await place.sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf("failed") }));
      await ends(id, "done");
      await until(async () => (await place.sqs.depth("jobs")).join(" ") === "0 0 0");
      assert.deepEqual([(await place.row(id))["attempts"], await depths()], [1, EMPTY]);
    });

    it("do not begin anew when a message of theirs comes a second time", async () => {
      const kind = kindOf("hopeless", () => Promise.reject(new Error("it is broken")), { attempts: 1 });
      const id = await place.jobs.add(kind, { input: null });
      await place.queue.send([JSON.stringify({ job: id }), JSON.stringify({ job: id })]);
      place.startOnQueue([kind]);
      await until(async () => (await place.sqs.depth("failed"))[0] === "2");
      assert.deepEqual([await stateOf(id), (await place.row(id))["attempts"]], ["dead", 1]);
    });
  });

  it("that no message names rightly are set aside by the queue, and hold up nobody", async () => {
    const { kind, runs } = counting();
    const { log, lines } = recordedLog();
    await place.queue.send(["nonsense", '{"job":7}', '{"job":"01a211f8-7121-7735-bb2d-3aaa4920f740"}']);
    place.startHandOut([kind]);
    place.startOnQueue([kind], { log });
    await ends(await place.jobs.add(kind, { input: null }), "done");
    // The two that name none have come back as often as they may; the one whose job is gone was taken off.
    for (let time = 0; time < 4; time += 1) {
      const errors = lines().length;
      place.sqs.pass(6);
      await until(async () => lines().length >= errors + 2 || (await place.sqs.depth("failed"))[0] === "2");
    }
    await until(async () => (await place.sqs.depth("failed"))[0] === "2");
    assert.equal(runs(), 1);
    assert.equal(lines()[0]?.["message"], "a message in the queue of jobs names no job");
    assert.doesNotMatch(JSON.stringify(lines()), /nonsense/);
  });

  it("of a kind that this version does not know are left to others", async () => {
    const [old, young] = [kindOf("old", () => undefined), kindOf("new-in-the-next-version", () => undefined)];
    const id = await place.jobs.add(young, { input: null });
    await place.queue.send([JSON.stringify({ job: id })]);
    const stop = place.startOnQueue([old]);
    const known = await place.jobs.add(old, { input: null });
    await place.queue.send([JSON.stringify({ job: known })]);
    await ends(known, "done");
    await stop();
    assert.deepEqual([await stateOf(id), (await place.row(id))["attempts"]], ["waiting", 0]);
    place.sqs.pass(6);
    place.startOnQueue([old, young]);
    await ends(id, "done");
  });

  it("are taken over when their worker is ended by SIGKILL, and what it had done is not done again", async () => {
    await query(url, "CREATE TABLE effects (job uuid PRIMARY KEY)");
    const effects = async (): Promise<number> => (await query(url, "SELECT FROM effects")).length;
    const kind = kindOf("killed-half-way", () => undefined);
    const id = await place.jobs.add(kind, { input: {} });
    await place.queue.send([JSON.stringify({ job: id })]);
    const start = (): ChildProcess =>
      spawn(process.execPath, [PROGRAM, url], {
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, ...place.environment },
      });
    const first = start();
    await until(async () => (await effects()) === 1);
    first.kill("SIGKILL");
    await once(first, "exit");
    assert.deepEqual([await stateOf(id), await place.sqs.depth("jobs")], ["running", ["0", "1", "0"]]);
    const second = start();
    // Both come free: the lease in the table, and the message.
    await place.letTimePass();
    place.sqs.pass(31);
    await ends(id, "done");
    await until(async () => (await place.sqs.depth("jobs")).join(" ") === "0 0 0");
    second.kill("SIGKILL");
    await once(second, "exit");
    assert.deepEqual([await effects(), (await place.row(id))["attempts"]], [1, 2]);
  });

  it("are done by the processes that do jobs, and handed out by those that do none", async () => {
    const web = ShopProcess.on(url, { ...place.environment, JOBS_AT_ONCE: "0" });
    await web.ready();
    await until(async () => (await place.sqs.depth("jobs"))[0] !== "0");
    const worker = ShopProcess.on(url, { ...place.environment, ROLE: "worker" });
    await worker.ready();
    await until(async () => (await query(url, "SELECT FROM jobs.jobs WHERE state <> 'done'")).length === 0);
    for (const shop of [web, worker]) assert.equal((await shop.end()).code, 0);
    const done = (shop: ShopProcess): number =>
      shop.lines().filter(({ event, ending }) => event === "job" && ending === "done").length;
    assert.deepEqual([done(web), done(worker)], [0, (await query(url, "SELECT FROM jobs.jobs")).length]);
  });

  it("are given back at once when their process is told to stop and they do not end in time", async () => {
    const begun = Promise.withResolvers<undefined>();
    const stuck = kindOf("stuck", () => {
      begun.resolve(undefined);
      return new Promise<void>(() => undefined);
    });
    const id = await place.jobs.add(stuck, { input: null });
    await place.queue.send([JSON.stringify({ job: id })]);
    const stop = place.startOnQueue([stuck], { graceMs: 1 });
    await begun.promise;
    await stop();
    const { state, attempts } = await place.row(id);
    assert.deepEqual({ state, attempts }, { state: "waiting", attempts: 0 });
    assert.deepEqual(await place.sqs.depth("jobs"), ["1", "0", "0"]);
  });
});
