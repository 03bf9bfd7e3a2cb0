import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { sweepJobs } from "../../../../../apps/shop/src/modules/jobs/index.ts";
import { kindOf, type Workplace, workplaceAt } from "../../support/jobs.ts";
import { migratedDatabase, query } from "../../support/postgres.ts";
import { until } from "../../support/until.ts";

describe("jobs", () => {
  let url: string;
  let place: Workplace;
  beforeEach(async () => {
    url = await migratedDatabase();
    place = workplaceAt(url);
  });
  afterEach(() => place.close());

  const kind = kindOf("some-kind", () => undefined);
  const keys = async (): Promise<unknown[]> => (await query(url, "SELECT key FROM jobs.jobs ORDER BY id")).map(({ key }) => key);

  it("are added once for each key, also by many at once, and each time without one", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => place.jobs.add(kind, { input: null, key: "the same" })));
    assert.equal(new Set(ids).size, 1);
    const others = await Promise.all(Array.from({ length: 3 }, () => place.jobs.add(kind, { input: null })));
    assert.equal(new Set(others).size, 3);
    assert.equal((await keys()).length, 4);
  });

  it("are counted, and the one that is due longest tells how late we are", async () => {
    assert.deepEqual(await place.jobs.counts(), { waiting: 0, running: 0, dead: 0, lateSeconds: 0 });
    for (const [state, late] of [
      ["waiting", 90],
      ["waiting", -50],
      ["running", -30],
      ["dead", 500],
      ["done", 700],
    ] as const)
      await query(
        url,
        `INSERT INTO jobs.jobs (id, kind, input, state, max_attempts, lease, due_at, finished_at)
         VALUES (gen_random_uuid(), 'some-kind', '{}', $1, 1, gen_random_uuid(), now() - make_interval(secs => $2), $3)`,
        [state, late, ["dead", "done"].includes(state) ? new Date() : null],
      );
    const { lateSeconds, ...counts } = await place.jobs.counts();
    assert.deepEqual(counts, { waiting: 2, running: 1, dead: 1 });
    assert.ok(lateSeconds >= 90 && lateSeconds < 120);
  });

  it("are a person's own: nobody else finds them", async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const ids = [];
    for (let count = 0; count < 3; count += 1) ids.unshift(await place.jobs.add(kind, { input: null, userId: one }));
    await place.jobs.add(kind, { input: null });
    const first = await place.jobs.jobs(one, { limit: 2 });
    assert.deepEqual([first.jobs.map(({ id }) => id), first.next], [ids.slice(0, 2), ids[1]]);
    const rest = await place.jobs.jobs(one, { before: first.next, limit: 2 });
    assert.deepEqual([rest.jobs.map(({ id }) => id), rest.next], [ids.slice(2), undefined]);
    assert.deepEqual(await place.jobs.jobs(other, { limit: 10 }), { jobs: [], next: undefined });
    assert.equal(await place.jobs.job(other, ids[0] ?? ""), undefined);
    assert.deepEqual((await place.jobs.jobs(one, { limit: 2, kind: "no-such-kind" })).jobs, []);
    const copy = (await place.jobs.personalData.exportOf(one)) as { id: string; input: unknown }[];
    assert.deepEqual(
      copy.map(({ id, input }) => [id, input]),
      ids.toReversed().map((id) => [id, null]),
    );
    await place.jobs.personalData.forget(one);
    assert.equal(await place.jobs.job(one, ids[0] ?? ""), undefined);
    assert.equal((await keys()).length, 1);
  });

  describe("that the clock asks for", () => {
    const hourly = kindOf("hourly", () => undefined, { everyMinutes: 60 });
    const daily = kindOf("daily", () => undefined, { everyMinutes: 1_440 });

    it("are added once in each span of time, whoever comes first, and never for kinds without one", async () => {
      const others = [workplaceAt(url), workplaceAt(url)];
      const at = async (time: string): Promise<void> => {
        for (const { jobs } of [place, ...others]) await jobs.addScheduled([hourly, daily, kind], new Date(time));
      };
      await at("2030-01-01T10:00:00.000Z");
      await at("2030-01-01T10:59:59.999Z");
      assert.deepEqual(await keys(), ["hourly of 2030-01-01T10:00:00.000Z", "daily of 2030-01-01T00:00:00.000Z"]);
      await at("2030-01-01T11:00:00.000Z");
      await at("2030-01-02T00:01:00.000Z");
      assert.deepEqual((await keys()).slice(2), [
        "hourly of 2030-01-01T11:00:00.000Z",
        "hourly of 2030-01-02T00:00:00.000Z",
        "daily of 2030-01-02T00:00:00.000Z",
      ]);
      for (const other of others) await other.close();
    });

    it("are not doubled by a clock that is five minutes off", async () => {
      const other = workplaceAt(url);
      await place.jobs.addScheduled([hourly], new Date("2030-01-01T10:58:00Z"));
      await other.jobs.addScheduled([hourly], new Date("2030-01-01T11:03:00Z"));
      await place.jobs.addScheduled([hourly], new Date("2030-01-01T11:00:00Z"));
      await other.jobs.addScheduled([hourly], new Date("2030-01-01T11:05:00Z"));
      assert.deepEqual(await keys(), ["hourly of 2030-01-01T10:00:00.000Z", "hourly of 2030-01-01T11:00:00.000Z"]);
      await other.close();
    });
  });

  it("are swept away a week after they were done, and three months after they were set aside", async () => {
    const ended = async (state: string, days: number): Promise<string> => {
      const [row] = await query(
        url,
        `INSERT INTO jobs.jobs (id, kind, input, state, max_attempts, finished_at)
         VALUES (gen_random_uuid(), 'some-kind', '{}', $1, 1, now() - make_interval(days => $2)) RETURNING id`,
        [state, days],
      );
      return String(row?.["id"]);
    };
    const kept = [await ended("done", 6), await ended("dead", 89), await place.jobs.add(kind, { input: null })];
    await ended("done", 8);
    await ended("dead", 91);
    await query(
      url,
      `INSERT INTO jobs.jobs (id, kind, input, state, max_attempts, finished_at)
       SELECT gen_random_uuid(), 'some-kind', '{}', 'done', 1, now() - interval '30 days' FROM generate_series(1, 5001)`,
    );
    const sweep = sweepJobs(place.store);
    place.start([sweep]);
    const id = await place.jobs.add(sweep, { input: {} });
    await until(async () => (await place.row(id))["state"] === "done");
    const left = (await query(url, "SELECT id FROM jobs.jobs")).map((row) => row["id"]);
    assert.deepEqual(left.toSorted(), [...kept, id].toSorted());
  });

  it("are claimed by an index, however many have ended", async () => {
    await query(
      url,
      `INSERT INTO jobs.jobs (id, kind, input, state, max_attempts, finished_at)
       SELECT gen_random_uuid(), 'some-kind', '{}', 'done', 1, now() FROM generate_series(1, 20000)`,
    );
    await query(url, "ANALYZE jobs.jobs");
    const plan = await query(
      url,
      "EXPLAIN SELECT id FROM jobs.jobs WHERE state IN ('waiting', 'running') AND due_at <= now() AND kind = ANY('{a,b}'::text[]) ORDER BY due_at LIMIT 2 FOR UPDATE SKIP LOCKED",
    );
    assert.match(JSON.stringify(plan), /Index Scan using jobs_due on jobs/);
  });
});
