import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { kindOf, type Workplace, workplaceAt } from "../../support/jobs.ts";
import { migrateAll, migratedDatabase, ownPostgres, query } from "../../support/postgres.ts";
import { until } from "../../support/until.ts";
import { Wire } from "../../support/wire.ts";

const PROGRAM = fileURLToPath(new URL("../../support/killable-worker.ts", import.meta.url));

describe("a job, when something fails", function () {
  this.timeout(60_000);
  let url: string;
  let place: Workplace;
  beforeEach(async () => {
    url = await migratedDatabase();
    place = workplaceAt(url);
    await query(url, "CREATE TABLE effects (job uuid PRIMARY KEY)");
  });
  afterEach(() => place.close());

  const anything = kindOf("killed-half-way", () => undefined, { attempts: 3 });
  const stateOf = async (id: string): Promise<unknown> => (await place.row(id))["state"];
  const effects = async (): Promise<unknown> => (await query(url, "SELECT count(*)::int AS n FROM effects"))[0]?.["n"];
  const startWorker = (): ChildProcess => spawn(process.execPath, [PROGRAM, url], { stdio: ["ignore", "ignore", "inherit"] });
  const kill = async (worker: ChildProcess): Promise<void> => {
    worker.kill("SIGKILL");
    await once(worker, "exit");
  };

  it("is taken over when its worker is ended by SIGKILL, and what it had done is not done again", async () => {
    const ids = [await place.jobs.add(anything, { input: {} }), await place.jobs.add(anything, { input: {} })];
    const first = startWorker();
    await until(async () => (await effects()) === 2);
    await kill(first);
    for (const id of ids) assert.equal(await stateOf(id), "running");
    const second = startWorker();
    // Nobody touches it before the lease of the dead one has ended.
    await place.jobs.add(anything, { input: {} });
    await until(async () => (await effects()) === 3);
    for (const id of ids) assert.equal((await place.row(id))["attempts"], 1);
    await place.letTimePass();
    for (const id of ids) await until(async () => (await stateOf(id)) === "done");
    await kill(second);
    assert.equal(await effects(), 3);
    for (const id of ids) assert.equal((await place.row(id))["attempts"], 2);
  });

  it("is set aside when every attempt at it ends its process", async () => {
    const id = await place.jobs.add(anything, { input: {} });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await query(url, "DELETE FROM effects");
      const worker = startWorker();
      await until(async () => (await effects()) === 1);
      await kill(worker);
      await place.letTimePass();
    }
    place.start([anything]);
    await until(async () => (await stateOf(id)) === "dead");
    const { attempts, last_error } = await place.row(id);
    assert.deepEqual({ attempts, last_error }, { attempts: 3, last_error: "The process ended or stalled in attempt 3." });
  });

  it("is added once under its key, whichever answer of the database is lost", async () => {
    const wire = new Wire(url);
    const cut = workplaceAt(await wire.open());
    for (let nth = 1; nth <= 8; nth += 1) {
      let answers = 0;
      wire.passes = () => {
        answers += 1;
        return answers !== nth;
      };
      const [one, two] = [
        await cut.jobs.add(anything, { input: {}, key: `lost ${nth}` }),
        await cut.jobs.add(anything, { input: {}, key: `lost ${nth}` }),
      ];
      assert.equal(one, two);
      const alone = await cut.jobs.add(anything, { input: {} });
      assert.equal((await place.row(alone))["id"], alone);
    }
    assert.deepEqual(await query(url, "SELECT count(*)::int AS n, count(key)::int AS keys FROM jobs.jobs"), [{ n: 16, keys: 8 }]);
    await cut.close();
    wire.close();
  });
});

describe("a worker, when the database goes away", function () {
  this.timeout(60_000);

  it("comes back with it, and every job is done", async () => {
    const postgres = await ownPostgres();
    await query(postgres.url("postgres"), "CREATE DATABASE shop");
    const url = postgres.url("shop");
    await migrateAll(url);
    const place = workplaceAt(url);
    await query(url, "CREATE TABLE effects (job uuid PRIMARY KEY)");
    const kind = kindOf("counted", async (_input, { id }) => {
      await place.database.query({ text: "INSERT INTO effects (job) VALUES ($1) ON CONFLICT DO NOTHING", values: [id] });
    });
    const ids = await Promise.all(Array.from({ length: 300 }, () => place.jobs.add(kind, { input: null })));
    place.start([kind], { atOnce: 5, leaseMs: 1_000 });
    const done = async (): Promise<number> =>
      Number((await query(url, "SELECT count(*) AS n FROM jobs.jobs WHERE state = 'done'").catch(() => []))[0]?.["n"] ?? 0);
    for (const restart of [1, 2]) {
      await until(async () => (await done()) >= restart * 30);
      await postgres.stop("kill");
      await postgres.start();
    }
    await until(async () => (await done()) === ids.length);
    assert.deepEqual(await query(url, "SELECT count(*)::int AS n FROM effects"), [{ n: 300 }]);
    await place.close();
    await postgres.stop("kill");
  });
});
