import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { Bell } from "../../../../../apps/shop/src/platform/bell.ts";
import type { Database } from "../../../../../apps/shop/src/platform/database/database.ts";
import { type Event, type EventType, on, type Subscription } from "../../../../../apps/shop/src/platform/events/event.ts";
import { Outbox } from "../../../../../apps/shop/src/platform/events/outbox.ts";
import { relay } from "../../../../../apps/shop/src/platform/events/relay.ts";
import { recordedLog } from "../../support/logs.ts";
import { databaseAt, migratedDatabase, query } from "../../support/postgres.ts";
import { until } from "../../support/until.ts";

const kettleBoiled: EventType<{ litres: number }> = { name: "kettle-boiled", data: z.object({ litres: z.number() }) };

describe("the relay of events", () => {
  let url: string;
  let database: Database;
  const stops: (() => Promise<void>)[] = [];
  before(async () => {
    url = await migratedDatabase();
    database = databaseAt(url, 20);
  });
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await query(url, "DELETE FROM billing.outbox");
  });
  after(() => database.close());

  const start = (subscriptions: readonly Subscription[], log = recordedLog().log): Bell => {
    const [control, bell] = [new AbortController(), new Bell()];
    const outboxes = [new Outbox(database, "billing")];
    const running = relay({ outboxes, subscriptions, bell, log, pollMs: 10, mostPauseMs: 1 }, control.signal);
    stops.push(() => {
      control.abort();
      return running;
    });
    return bell;
  };
  const boil = async (litres: unknown, name = "kettle-boiled"): Promise<string> => {
    const id = randomUUID();
    await query(url, "INSERT INTO billing.outbox (id, name, data) VALUES ($1, $2, $3)", [id, name, JSON.stringify({ litres })]);
    return id;
  };
  const waiting = async (): Promise<number> => (await query(url, "SELECT FROM billing.outbox")).length;

  it("tells every listener what happened and when, and takes the event off the outbox", async () => {
    const heard: [string, Event<{ litres: number }>][] = [];
    start([
      on(kettleBoiled, "tea", (event) => Promise.resolve(heard.push(["tea", event]))),
      on(kettleBoiled, "coffee", (event) => Promise.resolve(heard.push(["coffee", event]))),
    ]);
    const id = await boil(1.5);
    await until(async () => (await waiting()) === 0);
    assert.deepEqual(
      heard.map(([who, event]) => [who, event.id, event.data]),
      [
        ["tea", id, { litres: 1.5 }],
        ["coffee", id, { litres: 1.5 }],
      ],
    );
    assert.ok(heard[0]?.[1].at instanceof Date);
  });

  it("tells again until every listener has heard, and is not held up by what fails", async () => {
    const calls = { deaf: 0, sharp: 0 };
    const { log, lines } = recordedLog();
    const others: unknown[] = [];
    start(
      [
        on(kettleBoiled, "deaf", ({ data }) => {
          if (data.litres === 2) return Promise.resolve(others.push(data.litres));
          calls.deaf += 1;
          return calls.deaf < 4 ? Promise.reject(new Error(`deaf ${calls.deaf}`)) : Promise.resolve();
        }),
        on(kettleBoiled, "sharp", ({ data }) => Promise.resolve(data.litres === 1 && (calls.sharp += 1))),
      ],
      log,
    );
    const id = await boil(1);
    await boil(2);
    await until(async () => (await waiting()) === 0);
    assert.deepEqual([calls, others], [{ deaf: 4, sharp: 4 }, [2]]);
    assert.deepEqual(
      lines().map(({ level, event_id, event_name, listener, attempt, message }) => ({
        level,
        event_id,
        event_name,
        listener,
        attempt,
        message,
      })),
      [1, 2, 3].map((attempt) => ({
        level: "error",
        event_id: id,
        event_name: "kettle-boiled",
        listener: "deaf",
        attempt,
        message: `deaf ${attempt}`,
      })),
    );
  });

  it("keeps an event whose data a listener does not understand, and says why", async () => {
    const { log, lines } = recordedLog();
    start([on(kettleBoiled, "tea", () => Promise.resolve())], log);
    await boil("much");
    await until(() => lines().length >= 2);
    assert.equal(await waiting(), 1);
    assert.match(String(lines()[0]?.["message"]), /expected number, received string/);
  });

  it("leaves events that nobody here listens to for others", async () => {
    start([on(kettleBoiled, "tea", () => Promise.resolve())]);
    await boil(1, "of-the-next-version");
    await boil(1);
    await until(async () => (await waiting()) === 1);
    assert.deepEqual(await query(url, "SELECT name, attempts FROM billing.outbox"), [
      { name: "of-the-next-version", attempts: 0 },
    ]);
  });

  it("delivers each event once while nothing fails, however many relays there are", async () => {
    const heard = new Map<string, number>();
    const listener = on(kettleBoiled, "tea", ({ id }) => Promise.resolve(heard.set(id, (heard.get(id) ?? 0) + 1)));
    for (let count = 0; count < 4; count += 1) start([listener]);
    await Promise.all(Array.from({ length: 150 }, () => boil(1)));
    await until(async () => (await waiting()) === 0);
    assert.equal(heard.size, 150);
    assert.deepEqual([...new Set(heard.values())], [1]);
  });

  it("wakes at the bell, without waiting for its next look", async () => {
    const [control, bell] = [new AbortController(), new Bell()];
    let heard = 0;
    const listener = on(kettleBoiled, "tea", () => Promise.resolve((heard += 1)));
    const outboxes = [new Outbox(database, "billing")];
    const running = relay(
      { outboxes, subscriptions: [listener], bell, log: recordedLog().log, pollMs: 3_600_000 },
      control.signal,
    );
    await boil(1);
    bell.ring();
    await until(() => heard === 1);
    control.abort();
    await running;
  });

  it("tells how much is undelivered and how old the oldest is", async () => {
    const outbox = new Outbox(database, "billing");
    assert.deepEqual(await outbox.backlog(), { events: 0, oldestSeconds: 0 });
    await boil(1);
    await query(url, "UPDATE billing.outbox SET created_at = now() - interval '90 seconds'");
    await boil(2);
    const { events, oldestSeconds } = await outbox.backlog();
    assert.equal(events, 2);
    assert.ok(oldestSeconds >= 90 && oldestSeconds < 120);
  });

  it("takes no schema that is none of ours", () => {
    assert.throws(() => new Outbox(database, "billing.outbox; DROP"), { message: '"billing.outbox; DROP" is no schema of ours' });
  });
});
