import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Customer, newCustomer } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";

describe("the API of jobs", () => {
  let shop: TestShop;
  let customer: Customer;
  let other: Customer;
  before(async () => {
    shop = await openShop();
    [customer, other] = [await newCustomer(shop.app), await newCustomer(shop.app)];
  });
  after(() => shop.close());

  /** A job of a customer, as the table has it. */
  const jobOf = async ({ email }: Customer, columns: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const row = { state: "waiting", progress: 0, note: "", last_error: null, ...columns };
    const [job] = await query(
      shop.databaseUrl,
      `INSERT INTO jobs.jobs (id, kind, user_id, input, max_attempts, state, progress, note, last_error, lease, finished_at)
       SELECT gen_random_uuid(), 'some-kind', id, '{"secret":1}', 3, $2, $3, $4, $5, gen_random_uuid(), CASE WHEN $2 IN ('done', 'dead') THEN now() END
       FROM auth.users WHERE email = $1 RETURNING id`,
      [email, row.state, row.progress, row.note, row.last_error],
    );
    return String(job?.["id"]);
  };

  for (const [state, told] of [
    ["waiting", "waiting"],
    ["running", "running"],
    ["done", "done"],
    ["dead", "failed"],
  ] as const)
    it(`tells of a job that is ${state} how far it is, and nothing that is for operators`, async () => {
      const id = await jobOf(customer, { state, progress: 40, note: "2 of 5", last_error: "connect ECONNREFUSED 10.0.0.7" });
      const response = await customer.ask("GET", `/api/jobs/${id}`);
      assert.equal(response.statusCode, 200);
      assert.equal(response.headers["cache-control"], "no-store");
      const { createdAt, finishedAt, ...job } = response.json<Record<string, unknown>>();
      assert.deepEqual(job, { id, kind: "some-kind", state: told, progress: 40, note: "2 of 5" });
      assert.equal(new Date(String(createdAt)).toISOString(), createdAt);
      assert.equal(finishedAt === null, state === "waiting" || state === "running");
    });

  it("lists a person's own jobs page by page", async () => {
    const person = await newCustomer(shop.app);
    const ids = [await jobOf(person), await jobOf(person), await jobOf(person)].toSorted().reverse();
    const first = (await person.ask("GET", "/api/jobs?limit=2")).json<{ items: { id: string }[]; next: string | null }>();
    assert.deepEqual([first.items.map(({ id }) => id), first.next], [ids.slice(0, 2), ids[1]]);
    const rest = (await person.ask("GET", `/api/jobs?before=${first.next ?? ""}`)).json<{
      items: { id: string }[];
      next: unknown;
    }>();
    assert.deepEqual([rest.items.map(({ id }) => id), rest.next], [ids.slice(2), null]);
  });

  it("shows nobody another's job, as if it never was", async () => {
    const id = await jobOf(customer);
    for (const path of [`/api/jobs/${id}`, `/api/jobs/${randomUUID()}`, "/api/jobs/1", "/api/jobs/%00"]) {
      const response = await other.ask("GET", path);
      assert.equal(response.statusCode, 404, path);
      assert.equal(response.json<Record<string, unknown>>()["title"], "There is no such job.");
    }
    assert.deepEqual((await other.ask("GET", `/api/jobs?before=${id}`)).json(), { items: [], next: null });
  });

  it("asks who it is before anything else", async () => {
    for (const url of ["/api/jobs", `/api/jobs/${randomUUID()}`]) assert.equal((await shop.app.inject(url)).statusCode, 401, url);
  });

  for (const search of ["?before=1", "?limit=0", "?limit=101", "?limit=x"])
    it(`refuses to list jobs with ${search}`, async () => {
      assert.equal((await customer.ask("GET", `/api/jobs${search}`)).statusCode, 400);
    });
});

describe("the metrics of the background", () => {
  it("tell what there is to do and what is undelivered", async () => {
    const shop = await openShop();
    await query(
      shop.databaseUrl,
      `INSERT INTO jobs.jobs (id, kind, input, max_attempts, state, finished_at) VALUES (gen_random_uuid(), 'some-kind', '{}', 3, 'dead', now())`,
    );
    await query(shop.databaseUrl, "INSERT INTO billing.outbox (id, name, data) VALUES (gen_random_uuid(), 'some-event', '{}')");
    const text = (await shop.app.inject("/metrics")).body;
    for (const line of [
      'jobs{state="waiting"} 0',
      'jobs{state="running"} 0',
      'jobs{state="dead"} 1',
      "jobs_late_seconds 0",
      'outbox_events{module="billing"} 1',
    ])
      assert.ok(text.includes(`\n${line}\n`), line);
    await shop.close();
  });

  it("leave out what the database does not tell while it is away", async () => {
    const shop = await openShop();
    await shop.database.close();
    const { statusCode, body } = await shop.app.inject("/metrics");
    assert.equal(statusCode, 200);
    assert.doesNotMatch(body, /^(jobs|jobs_late_seconds|outbox_events)[{ ]/m);
    assert.match(body, /^process_cpu_seconds_total /m);
    await shop.close();
  });
});
