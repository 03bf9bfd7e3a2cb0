import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CloudError } from "../../../../sandbox/src/core/definition.ts";
import { type LogEvent, LogStore } from "../../../../sandbox/src/services/cloudwatch/log-store.ts";
import { MetricStore, type Series } from "../../../../sandbox/src/services/cloudwatch/metric-store.ts";

const MINUTE = 60_000;
const GROUP = "eu-central-1/app";

/** Lets another process write, kills it after `batches` batches, and says how many it had told of. */
async function killedWriter(home: string, what: "logs" | "metrics", batches: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "writer.ts"), home, what], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  let told = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    told = Number(line);
    if (told === batches) child.kill("SIGKILL");
  }
  assert.deepEqual(await ended, [null, "SIGKILL"]);
  return told;
}

describe("the stores of CloudWatch", () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), "sandbox-cloudwatch-"))));
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  describe("for lines of logs", () => {
    const line = (message: string, at: number, stream = "s"): Omit<LogEvent, "id"> => ({ stream, at, taken: at + 1, message });
    const messages = (events: readonly LogEvent[]): string[] => events.map(({ message }) => message);

    it("give them by time, of any stream or some, in either direction, and in pages", () => {
      const store = new LogStore(home);
      store.append(GROUP, [line("b", 2), line("a", 1), line("c", 2, "t"), line("d", 3)]);
      assert.deepEqual(messages(store.events(GROUP, { limit: 9 })), ["a", "b", "c", "d"]);
      assert.deepEqual(messages(store.events(GROUP, { limit: 2, newestFirst: true })), ["d", "c"]);
      assert.deepEqual(messages(store.events(GROUP, { limit: 9, streams: ["t"] })), ["c"]);
      assert.deepEqual(messages(store.events(GROUP, { limit: 9, from: 2, to: 3 })), ["b", "c"]);
      const [first, second] = store.events(GROUP, { limit: 2 });
      assert.deepEqual(messages(store.events(GROUP, { limit: 9, after: second })), ["c", "d"]);
      assert.deepEqual(messages(store.events(GROUP, { limit: 9, after: second, newestFirst: true })), ["a"]);
      assert.deepEqual(messages(store.events(GROUP, { limit: 9, after: first, streams: ["s"] })), ["b", "d"]);
      store.close();
    });

    it("stop reading once an answer is full, but give one line however long it is", () => {
      const store = new LogStore(home);
      store.append(GROUP, [line("x".repeat(100), 1), line("y".repeat(100), 2), line("z", 3)]);
      assert.equal(store.events(GROUP, { limit: 9, bytes: 10 }).length, 1);
      assert.equal(store.events(GROUP, { limit: 9, bytes: 126 }).length, 1);
      assert.equal(store.events(GROUP, { limit: 9, bytes: 252 }).length, 2);
      store.close();
    });

    it("keep every character as it came", () => {
      const store = new LogStore(home);
      const message = "Grüße 🚀\t\u0000 end\n";
      store.append(GROUP, [line(message, 1)]);
      assert.deepEqual(messages(store.events(GROUP, { limit: 1 })), [message]);
      assert.equal(store.size(GROUP), Buffer.byteLength(message) + 26);
      store.close();
    });

    it("know the streams and the times of their events", () => {
      const store = new LogStore(home);
      assert.equal(store.createStream(GROUP, "empty", 5), true);
      assert.equal(store.createStream(GROUP, "empty", 6), false);
      store.append(GROUP, [line("a", 10, "web/1"), line("b", 30, "web/1"), line("c", 20, "web/2")]);
      store.append("eu-west-1/app", [line("elsewhere", 1, "web/3")]);
      assert.deepEqual(store.streams(GROUP, "web/"), [
        { name: "web/1", created: 31, first: 10, last: 30, taken: 31 },
        { name: "web/2", created: 21, first: 20, last: 20, taken: 21 },
      ]);
      assert.deepEqual(store.streams(GROUP)[0], {
        name: "empty",
        created: 5,
        first: undefined,
        last: undefined,
        taken: undefined,
      });
      store.deleteStream(GROUP, "web/1");
      assert.deepEqual([store.hasStream(GROUP, "web/1"), store.size(GROUP)], [false, 27]);
      store.deleteGroup(GROUP);
      assert.deepEqual([store.streams(GROUP), store.size(GROUP)], [[], 0]);
      assert.equal(store.events("eu-west-1/app", { limit: 9 }).length, 1);
      store.close();
    });

    it("drop what is older than its group keeps, and count its bytes no more", () => {
      const store = new LogStore(home);
      store.append(GROUP, [line("old", 1), line("limit", 2), line("new", 3)]);
      store.expire(GROUP, 2);
      assert.deepEqual(messages(store.events(GROUP, { limit: 9 })), ["limit", "new"]);
      assert.equal(store.size(GROUP), 5 + 3 + 2 * 26);
      store.close();
    });

    it("let the oldest lines go when a group takes more than its share of the disk", () => {
      const store = new LogStore(home, 10 * 100);
      for (let at = 1; at <= 11; at++) store.append(GROUP, [line("x".repeat(74), at)]);
      const kept = store.events(GROUP, { limit: 99 });
      assert.deepEqual([kept[0]?.at, kept.length, store.size(GROUP)], [3, 9, 900]);
      store.close();
      const again = new LogStore(home, 10 * 100);
      assert.equal(again.size(GROUP), 900);
      again.close();
    });

    it("hold whole batches, and every one they told of, when their process is killed", async () => {
      const told = await killedWriter(home, "logs", 40);
      const store = new LogStore(home);
      const events = store.events(GROUP, { limit: 100_000 });
      const batches = Map.groupBy(events, ({ at }) => at);
      assert.ok(batches.size >= told, `${String(batches.size)} of ${String(told)} batches`);
      assert.ok([...batches.values()].every((batch) => batch.length === 10));
      store.append(GROUP, [line("after", 1_000_000)]);
      assert.deepEqual(messages(store.events(GROUP, { limit: 1, newestFirst: true })), ["after"]);
      store.close();
    });
  });

  describe("for metrics", () => {
    const series: Series = {
      region: "eu-central-1",
      namespace: "Shop",
      name: "Orders",
      dimensions: { Shop: "a", Zone: "1" },
      unit: "Count",
    };
    const add = (store: MetricStore, at: number, value: number, changes: Partial<Series> = {}): void => {
      store.record({ ...series, ...changes }, at, (points) => {
        points.add(value);
      });
    };
    const sums = (store: MetricStore, from: number, to: number, unit?: string): [number, number | undefined][] =>
      [...store.read(series, from, to, unit)].map(([at, points]) => [at / MINUTE, points.statistic("Sum")]);

    it("put data points together by the minute", () => {
      const store = new MetricStore(home);
      for (const [at, value] of [
        [0, 1],
        [59_999, 2],
        [MINUTE, 4],
        [3 * MINUTE, 8],
      ] as const)
        add(store, at, value);
      assert.deepEqual(sums(store, 0, 3 * MINUTE), [
        [0, 3],
        [1, 4],
      ]);
      store.close();
    });

    it("know a metric by its dimensions in any order, its region and its unit", () => {
      const store = new MetricStore(home);
      add(store, 0, 1, { dimensions: { Zone: "1", Shop: "a" } });
      add(store, 0, 2, { dimensions: { Shop: "a" } });
      add(store, 0, 4, { region: "us-east-1" });
      add(store, 0, 8, { unit: "None" });
      add(store, 0, 16, { region: "" });
      assert.deepEqual(sums(store, 0, 1), [[0, 1 + 8 + 16]]);
      assert.deepEqual(sums(store, 0, 1, "None"), [[0, 8]]);
      assert.deepEqual(store.units(series), ["Count", "None"]);
      store.close();
    });

    it("are the same when they are opened again, and take late data points in", () => {
      const store = new MetricStore(home);
      add(store, 0, 1);
      store.tidy(60 * MINUTE);
      add(store, 1, 2);
      store.close();
      const again = new MetricStore(home);
      assert.deepEqual(sums(again, 0, MINUTE), [[0, 3]]);
      again.close();
    });

    it("forget minutes after 15 days, and a metric with its last", () => {
      const store = new MetricStore(home);
      const days = (count: number): number => count * 24 * 60 * MINUTE;
      add(store, 0, 1);
      add(store, days(1), 2);
      store.tidy(days(15));
      assert.equal(sums(store, 0, days(2)).length, 2);
      store.tidy(days(15) + 1);
      assert.deepEqual(sums(store, 0, days(2)), [[24 * 60, 2]]);
      assert.equal(store.list(0).length, 1);
      store.tidy(days(17));
      assert.deepEqual(store.list(0), []);
      add(store, days(17), 4);
      assert.deepEqual(store.list(days(17)), [series]);
      store.close();
    });

    it("refuse one more metric than they may keep, and go on with those they have", () => {
      const store = new MetricStore(home, 2);
      for (const id of ["1", "2"]) add(store, 0, 1, { dimensions: { id } });
      assert.throws(
        () => {
          add(store, 0, 1, { dimensions: { id: "3" } });
        },
        new CloudError("LimitExceededFault", "the sandbox keeps 2 metrics; Shop Orders would be one more"),
      );
      add(store, 0, 1, { dimensions: { id: "2" } });
      store.close();
    });

    it("hold every minute they told of when their process is killed", async () => {
      const told = await killedWriter(home, "metrics", 40);
      const store = new MetricStore(home);
      const minutes = store.read({ ...series, dimensions: {} }, 0, Number.MAX_SAFE_INTEGER);
      assert.ok(minutes.size >= told, `${String(minutes.size)} of ${String(told)} minutes`);
      for (const [at, points] of minutes)
        assert.deepEqual([points.statistic("SampleCount"), points.statistic("Average")], [10, at / MINUTE]);
      store.close();
    });
  });
});
