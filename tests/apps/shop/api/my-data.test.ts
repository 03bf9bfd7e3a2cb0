import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Customer, newCustomer, PASSWORD } from "../support/customer.ts";
import { readCopy, workOff } from "../support/my-data.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";

describe("the API of one's own data", () => {
  let shop: TestShop;
  let customer: Customer;
  before(async () => (shop = await openShop()));
  beforeEach(async () => (customer = await newCustomer(shop.app)));
  after(() => shop.close());

  const rows = (text: string, values: unknown[] = []) => query(shop.databaseUrl, text, values);
  const idOf = async ({ email }: Customer): Promise<string> =>
    String((await rows("SELECT id FROM auth.users WHERE email = $1", [email]))[0]?.["id"]);
  const copyOf = async (who = customer): Promise<string> => (await who.ask("POST", "/api/me/exports")).json<{ id: string }>().id;
  /** Every table of a module in which an id stands in some column. */
  const tablesWith = async (id: string): Promise<string[]> => {
    const tables = await rows(
      `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
       WHERE table_schema IN ('auth', 'analytics', 'billing', 'catalog', 'users', 'jobs', 'mail') AND table_type = 'BASE TABLE'`,
    );
    const found: string[] = [];
    for (const { name } of tables)
      if ((await rows(`SELECT FROM ${String(name)} AS t WHERE t::text LIKE '%' || $1 || '%'`, [id])).length > 0)
        found.push(String(name));
    return found.toSorted();
  };

  describe("gives a copy", () => {
    it("of everything that is kept of a person, made by a job that tells how far it is", async () => {
      await customer.ask("PATCH", "/api/me", { name: "Ada", news: true });
      await customer.order([{ productId: "oat-mug", quantity: 2 }]);
      await customer.order([{ productId: "no-such-piece", quantity: 1 }]);
      const asked = await customer.ask("POST", "/api/me/exports");
      const { id, job } = asked.json<{ id: string; job: string }>();
      assert.equal(asked.statusCode, 202);
      assert.deepEqual([asked.headers.location, job], [`/api/me/exports/${id}`, `/api/jobs/${id}`]);
      assert.equal((await customer.ask("GET", `/api/me/exports/${id}`)).statusCode, 404);
      await workOff(shop, "export-data");
      const { state, progress } = (await customer.ask("GET", job)).json<Record<string, unknown>>();
      assert.deepEqual([state, progress], ["done", 100]);
      const response = await customer.ask("GET", `/api/me/exports/${id}`);
      assert.deepEqual(
        [response.statusCode, response.headers["content-type"], response.headers["cache-control"]],
        [200, "application/gzip", "no-store"],
      );
      assert.equal(response.headers["content-disposition"], 'attachment; filename="my-data.json.gz"');
      const { madeAt, profile, account, orders, jobs, mails, ...rest } = readCopy(response);
      assert.deepEqual([mails, rest], [[], {}]);
      assert.equal(new Date(String(madeAt)).toISOString(), madeAt);
      assert.deepEqual(profile, { name: "Ada", homeRegion: "europe", orderMail: true, news: true });
      const { email, sessions } = account as { email: string; sessions: unknown[] };
      assert.deepEqual([email, sessions.length], [customer.email, 1]);
      assert.deepEqual(
        (orders as { placed: Record<string, unknown>[] }).placed.map(({ state: outcome, totalCents, lines }) => [
          outcome,
          totalCents,
          lines,
        ]),
        [
          ["placed", 5200, [{ name: "Oat Mug", quantity: 2, productId: "oat-mug", unitPriceCents: 2600 }]],
          ["refused", null, null],
        ],
      );
      assert.deepEqual(
        // Whether the order's invoice is being made by now, is a matter of chance.
        (jobs as Record<string, unknown>[]).map(({ kind }) => kind).filter((kind) => kind !== "make-invoice"),
        ["export-data"],
      );
    });

    it("without a password or anything of other people in it", async () => {
      const other = await newCustomer(shop.app);
      await other.order([{ productId: "fern-mug", quantity: 1 }]);
      const id = await copyOf();
      await workOff(shop, "export-data");
      const text = JSON.stringify(readCopy(await customer.ask("GET", `/api/me/exports/${id}`)));
      for (const unwanted of ["scrypt", other.email, "fern-mug"]) assert.ok(!text.includes(unwanted), unwanted);
    });

    it("once an hour, however often it is asked for", async () => {
      const ids = await Promise.all([copyOf(), copyOf(), copyOf()]);
      assert.equal(new Set(ids).size, 1);
    });

    it("to nobody else, and not when it has expired", async () => {
      const other = await newCustomer(shop.app);
      const id = await copyOf();
      await workOff(shop, "export-data");
      for (const [who, path] of [
        [other, id],
        [other, randomUUID()],
        [customer, "1"],
        [customer, "%00"],
      ] as const)
        assert.equal((await who.ask("GET", `/api/me/exports/${path}`)).statusCode, 404);
      await rows("UPDATE users.exports SET expires_at = now() WHERE id = $1", [id]);
      assert.equal((await customer.ask("GET", `/api/me/exports/${id}`)).statusCode, 404);
    });
  });

  describe("removes a person", () => {
    it("who gives the password: from every table, while what was sold is kept as bought by somebody", async () => {
      await customer.ask("PATCH", "/api/me", { name: "Ada" });
      await customer.order([{ productId: "oat-mug", quantity: 1 }]);
      await customer.order([{ productId: "river-bowl", quantity: 1 }]);
      await copyOf();
      await workOff(shop, "export-data");
      const [id, other] = [await idOf(customer), await newCustomer(shop.app)];
      const sold = async () => (await rows("SELECT count(*)::int AS n FROM billing.order_lines"))[0]?.["n"];
      const before = await sold();
      const answer = await customer.ask("POST", "/api/me/deletion", { password: PASSWORD });
      assert.deepEqual([answer.statusCode, answer.json()], [202, { status: "accepted" }]);
      // At once: the token is worth nothing, and there is no way in.
      assert.equal((await customer.ask("GET", "/api/me")).statusCode, 401);
      const account = { email: customer.email, password: PASSWORD };
      assert.equal((await shop.app.inject({ method: "POST", url: "/api/sessions", payload: account })).statusCode, 401);
      await workOff(shop, "delete-data");
      // Only the job that did it still knows the number, which now leads nowhere; it goes within a week.
      assert.deepEqual(await tablesWith(id), ["jobs.jobs"]);
      assert.deepEqual(await tablesWith(customer.email), []);
      assert.equal(await sold(), before);
      assert.equal((await other.ask("GET", "/api/me")).statusCode, 200);
    });

    it("so that the address is free again for a new account, which knows nothing of the old one", async () => {
      await customer.order([{ productId: "oat-mug", quantity: 1 }]);
      await customer.ask("POST", "/api/me/deletion", { password: PASSWORD });
      await workOff(shop, "delete-data");
      const account = { email: customer.email, password: PASSWORD };
      await shop.app.inject({ method: "POST", url: "/api/users", payload: account });
      const { token } = (await shop.app.inject({ method: "POST", url: "/api/sessions", payload: account })).json<{
        token: string;
      }>();
      const orders = await shop.app.inject({ url: "/api/orders", headers: { authorization: `Bearer ${token}` } });
      assert.deepEqual(orders.json(), { items: [], next: null });
    });

    it("even when the process ends after it has promised to, or half-way, and once when it is asked twice", async () => {
      const id = await idOf(customer);
      await customer.ask("PATCH", "/api/me", { name: "Ada" });
      // As after a crash: the job is there, and the account is still open.
      await customer.ask("POST", "/api/me/deletion", { password: PASSWORD });
      await rows("UPDATE auth.users SET closed_at = NULL WHERE id = $1", [id]);
      await rows("DELETE FROM users.profiles WHERE user_id = $1", [id]);
      await workOff(shop, "delete-data");
      await rows(
        "UPDATE jobs.jobs SET state = 'waiting', finished_at = NULL, due_at = now() WHERE kind = 'delete-data' AND input->>'userId' = $1",
        [id],
      );
      await workOff(shop, "delete-data");
      assert.deepEqual(await tablesWith(id), ["jobs.jobs"]);
    });

    it("whose copy is still being made: it finds no place any more", async () => {
      const id = await idOf(customer);
      const copy = await copyOf();
      await rows("DELETE FROM users.profiles WHERE user_id = $1", [id]);
      await workOff(shop, "export-data");
      assert.deepEqual(await rows("SELECT FROM users.exports WHERE id = $1", [copy]), []);
    });

    for (const [what, body, status, title] of [
      ["a wrong password", { password: "not my password" }, 403, "The password is wrong."],
      ["no password", {}, 400, "The request is not valid."],
      ["an empty password", { password: "" }, 400, "The request is not valid."],
      ["somebody else beside it", { password: PASSWORD, userId: randomUUID() }, 400, "The request is not valid."],
    ] as const)
      it(`not for ${what}`, async () => {
        const answer = await customer.ask("POST", "/api/me/deletion", body);
        assert.deepEqual([answer.statusCode, answer.json<{ title: string }>().title], [status, title]);
        assert.equal((await customer.ask("GET", "/api/me")).statusCode, 200);
      });

    it("not for somebody who guesses: after ten wrong passwords not even the right one counts", async () => {
      for (let count = 0; count < 10; count += 1)
        assert.equal((await customer.ask("POST", "/api/me/deletion", { password: "guess" })).statusCode, 403);
      const answer = await customer.ask("POST", "/api/me/deletion", { password: PASSWORD });
      assert.equal(answer.statusCode, 429);
      assert.match(String(answer.headers["retry-after"]), /^\d{1,3}$/);
    });
  });

  it("asks who it is before anything else", async () => {
    for (const [method, url] of [
      ["POST", "/api/me/exports"],
      ["GET", `/api/me/exports/${randomUUID()}`],
      ["POST", "/api/me/deletion"],
    ] as const)
      assert.equal((await shop.app.inject({ method, url })).statusCode, 401, url);
  });
});
