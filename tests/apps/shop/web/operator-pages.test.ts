import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createAnalytics } from "../../../../apps/shop/src/modules/analytics/index.ts";
import { newCustomer, PASSWORD } from "../support/customer.ts";
import { workOff } from "../support/my-data.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { Visitor } from "../support/visitor.ts";

describe("the operator's page", () => {
  let shop: TestShop;
  let operator: Visitor;
  before(async () => {
    shop = await openShop();
    operator = await somebody();
  });
  after(() => shop.close());

  const somebody = async (isOperator = true): Promise<Visitor> => {
    const [someone, email] = [new Visitor(shop.app), `${randomUUID()}@example.com`];
    await someone.enter(email, PASSWORD);
    if (isOperator) assert.equal(await shop.modules.auth.makeOperator(` ${email.toUpperCase()}`), true);
    return someone;
  };

  it("shows what was sold, and the reports", async () => {
    const analytics = createAnalytics(shop.database);
    const yesterday = new Date(Date.now() - 24 * 3_600_000);
    const lines = [{ productId: "oat-mug", quantity: 2, unitPriceCents: 2600 }];
    await analytics.sold({ eventId: randomUUID(), at: yesterday, lines });
    await analytics.sold({ eventId: randomUUID(), at: new Date(), lines });
    await analytics.makeReports(new Date(Date.now() + 24 * 3_600_000));
    const { body, statusCode } = await operator.get("/operator");
    assert.equal(statusCode, 200);
    assert.equal(
      [...body.matchAll(/<td class="number">&#8364;52\.00<\/td><td><meter min="0" max="100" value="100">/g)].length,
      2,
    );
    assert.match(body, /<h3>The day of .*<p>1 orders, 2 pieces, <strong>&#8364;52\.00<\/strong> \(0%\)<\/p>/s);
    assert.match(body, /<a href="\/products\/oat-mug">oat-mug<\/a>: 2 pieces, &#8364;52\.00/);
  });

  it("shows jobs that were set aside, as text, and has them tried again", async () => {
    const id = randomUUID();
    await query(
      shop.databaseUrl,
      `INSERT INTO jobs.jobs (id, kind, input, max_attempts, state, last_error, finished_at) VALUES ($1, 'make-reports', '{}', 3, 'dead', '<b>why</b>', now())`,
      [id],
    );
    const { body } = await operator.get("/operator");
    assert.match(body, /0 run, 1 were set aside\./);
    assert.match(body, /&lt;b&gt;why&lt;\/b&gt;/);
    const answer = await operator.submit("/operator", "/operator/redrive");
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, "/operator?redriven=1"]);
    await workOff(shop, "make-reports");
    assert.deepEqual(await query(shop.databaseUrl, "SELECT state FROM jobs.jobs WHERE id = $1", [id]), [{ state: "done" }]);
  });

  it("shows mails that nobody delivers", async () => {
    const { email } = await newCustomer(shop.app);
    await shop.app.inject({ method: "POST", url: "/api/password-resets", payload: { email } });
    await workOff(shop, "send-password-reset");
    const { body } = await operator.get("/operator");
    assert.ok(body.includes(`<summary>Choose another password, to ${email}, `));
    assert.match(body, /http:\/\/localhost:8080\/reset\?token=[\w-]{43}/);
  });

  it("is not there for anybody else", async () => {
    const other = await somebody(false);
    for (const someone of [new Visitor(shop.app), other]) {
      assert.equal((await someone.get("/operator")).statusCode, 404);
      assert.equal((await someone.post("/operator/redrive", { id: randomUUID() })).statusCode, 404);
    }
    assert.equal(await shop.modules.auth.makeOperator("nobody@example.com"), false);
  });

  it("takes no form without the hidden token, and knows no other jobs", async () => {
    assert.equal((await operator.post("/operator/redrive", { id: randomUUID() })).statusCode, 403);
    const csrf = /name="_csrf" value="([^"]+)"/.exec((await operator.get("/operator")).body)?.[1] ?? "";
    for (const id of [randomUUID(), "1", ""])
      assert.equal((await operator.post("/operator/redrive", { _csrf: csrf, id })).statusCode, 404);
  });

  it("has its reports for programs, too", async () => {
    const customer = await newCustomer(shop.app);
    assert.equal((await shop.app.inject("/api/reports")).statusCode, 401);
    const refused = await customer.ask("GET", "/api/reports");
    assert.deepEqual([refused.statusCode, refused.json<{ title: string }>().title], [403, "This is for operators."]);
    await shop.modules.auth.makeOperator(customer.email);
    const answer = await customer.ask("GET", "/api/reports?period=day&limit=1");
    assert.equal(answer.statusCode, 200);
    const [report] = answer.json<{ items: Record<string, unknown>[] }>().items;
    assert.deepEqual(Object.keys(report ?? {}).toSorted(), [
      "before",
      "orders",
      "period",
      "pieces",
      "revenueCents",
      "starts",
      "top",
    ]);
    for (const search of ["?period=month", "?limit=0", "?limit=101"])
      assert.equal((await customer.ask("GET", `/api/reports${search}`)).statusCode, 400, search);
  });
});
