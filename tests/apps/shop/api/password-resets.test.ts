import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import { createResets } from "../../../../apps/shop/src/modules/auth/resets.ts";
import { MailRefusedError } from "../../../../apps/shop/src/platform/mail/mail.ts";
import { newCustomer, PASSWORD } from "../support/customer.ts";
import { workplaceAt } from "../support/jobs.ts";
import { mailsTo } from "../support/mail.ts";
import { workOff } from "../support/my-data.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

const NEW = "another long password";

describe("choosing another password by mail", () => {
  let shop: TestShop;
  before(async () => (shop = await openShop()));
  after(() => shop.close());

  const post = (url: string, payload: object): Promise<LightMyRequestResponse> =>
    shop.app.inject({ method: "POST", url, payload });
  const logIn = async (email: string, password: string): Promise<number> =>
    (await post("/api/sessions", { email, password })).statusCode;
  const rows = (text: string, values: unknown[] = []) => query(shop.databaseUrl, text, values);
  /** Asks for a mail and gives the token in it. */
  const tokenFor = async (email: string): Promise<string> => {
    await post("/api/password-resets", { email });
    await workOff(shop, "send-password-reset");
    const [mail] = await mailsTo(shop.databaseUrl, email);
    const [, token = ""] = /^http:\/\/localhost:8080\/reset\?token=([\w-]{43})$/m.exec(mail?.content ?? "") ?? [];
    return token;
  };

  it("sends a link that works once, ends every session, and lets in whoever was locked out", async () => {
    const customer = await newCustomer(shop.app);
    for (let count = 0; count < 11; count += 1) await logIn(customer.email, "guess");
    const token = await tokenFor(customer.email);
    assert.deepEqual(
      (await mailsTo(shop.databaseUrl, customer.email)).map(({ subject }) => subject),
      ["Choose another password"],
    );
    const used = await post("/api/passwords", { token, password: NEW });
    assert.deepEqual([used.statusCode, used.body], [204, ""]);
    assert.equal((await customer.ask("GET", "/api/me")).statusCode, 401);
    assert.deepEqual([await logIn(customer.email, PASSWORD), await logIn(customer.email, NEW)], [401, 201]);
    const again = await post("/api/passwords", { token, password: "a third long password" });
    assert.equal(again.statusCode, 422);
    assert.equal(again.json<Record<string, unknown>>()["title"], "This link does not work any more.");
    assert.equal(await logIn(customer.email, NEW), 201);
  });

  it("tells nobody whether an address has an account: neither the answer nor the work differs", async () => {
    const [known, unknown] = [(await newCustomer(shop.app)).email, `${randomUUID()}@example.com`];
    const answers = [
      await post("/api/password-resets", { email: known }),
      await post("/api/password-resets", { email: unknown }),
    ];
    for (const answer of answers)
      assert.deepEqual([answer.statusCode, answer.json()], [202, { status: "accepted", next: "POST /api/passwords" }]);
    const jobs = await rows(
      "SELECT input ? 'userId' AS told FROM jobs.jobs WHERE kind = 'send-password-reset' ORDER BY id DESC LIMIT 2",
    );
    assert.deepEqual(jobs, [{ told: true }, { told: true }]);
    await workOff(shop, "send-password-reset");
    assert.equal((await mailsTo(shop.databaseUrl, known)).length, 1);
    assert.equal((await mailsTo(shop.databaseUrl, unknown)).length, 0);
  });

  it("sends one mail in ten minutes, however often it is asked", async () => {
    const { email } = await newCustomer(shop.app);
    await Promise.all(
      [email, email.toUpperCase(), ` ${email}`].map((address) => post("/api/password-resets", { email: address })),
    );
    await workOff(shop, "send-password-reset");
    assert.equal((await mailsTo(shop.databaseUrl, email)).length, 1);
  });

  it("works for half an hour", async () => {
    const { email } = await newCustomer(shop.app);
    const token = await tokenFor(email);
    await rows("UPDATE auth.password_resets SET expires_at = expires_at - interval '29 minutes'");
    const still = await shop.app.inject(`/reset?token=${token}`);
    await rows("UPDATE auth.password_resets SET expires_at = expires_at - interval '61 seconds'");
    assert.deepEqual([still.statusCode, (await post("/api/passwords", { token, password: NEW })).statusCode], [200, 422]);
    assert.equal(await logIn(email, PASSWORD), 201);
  });

  it("works once when it is used twice at the same moment", async () => {
    const { email } = await newCustomer(shop.app);
    const token = await tokenFor(email);
    const answers = await Promise.all(
      [NEW, "a third long password"].map((password) => post("/api/passwords", { token, password })),
    );
    assert.deepEqual(answers.map(({ statusCode }) => statusCode).toSorted(), [204, 422]);
  });

  it("makes every other link of the person worthless", async () => {
    const { email } = await newCustomer(shop.app);
    const first = await tokenFor(email);
    await rows("UPDATE jobs.jobs SET key = key || ' of an earlier span' WHERE kind = 'send-password-reset'");
    const second = await tokenFor(email);
    assert.notEqual(first, second);
    assert.equal((await post("/api/passwords", { token: second, password: NEW })).statusCode, 204);
    assert.equal((await post("/api/passwords", { token: first, password: PASSWORD })).statusCode, 422);
  });

  it("keeps no token in the tables or the log, from which somebody else could use it", async () => {
    const { email } = await newCustomer(shop.app);
    const token = await tokenFor(email);
    for (const table of ["auth.password_resets", "jobs.jobs"])
      assert.deepEqual(await rows(`SELECT FROM ${table} AS t WHERE t::text LIKE '%' || $1 || '%'`, [token]), []);
    await post("/api/passwords", { token, password: NEW });
    for (const secret of [token, NEW, email]) assert.ok(!shop.log.text().includes(secret));
  });

  it("sends nothing to an account that is closed meanwhile", async () => {
    const customer = await newCustomer(shop.app);
    await post("/api/password-resets", { email: customer.email });
    await customer.ask("POST", "/api/me/deletion", { password: PASSWORD });
    await workOff(shop, "send-password-reset");
    assert.deepEqual(await mailsTo(shop.databaseUrl, customer.email), []);
  });

  for (const [what, url, body] of [
    ["no address", "/api/password-resets", {}],
    ["an address that is none", "/api/password-resets", { email: "nobody" }],
    ["an address of two lines", "/api/password-resets", { email: "a@example.com\r\nBcc: b@example.com" }],
    ["a token that is cut", "/api/passwords", { token: "abc", password: NEW }],
    ["a token that is an object", "/api/passwords", { token: { $ne: "" }, password: NEW }],
    ["a short password", "/api/passwords", { token: "x".repeat(43), password: "short" }],
    ["more than is asked", "/api/passwords", { token: "x".repeat(43), password: NEW, userId: randomUUID() }],
  ] as const)
    it(`refuses ${what}`, async () => {
      assert.equal((await post(url, body)).statusCode, 400);
    });

  describe("while the mail provider", () => {
    for (const [what, faults, state, sent] of [
      ["is down for a while, sends the mail when it is back", [new Error("connect ECONNREFUSED"), new Error("421")], "done", 1],
      ["refuses the mail for good, gives up at once", [new MailRefusedError("550")], "dead", 0],
    ] as const)
      it(what, async () => {
        const { email } = await newCustomer(shop.app);
        const place = workplaceAt(shop.databaseUrl);
        const [left, mails] = [[...faults], [] as string[]];
        const resets = createResets({
          database: place.database,
          jobs: place.jobs,
          publicUrl: "http://localhost:8080",
          mailer: {
            send({ to }) {
              const fault = left.shift();
              if (fault !== undefined) return Promise.reject(fault);
              mails.push(to);
              return Promise.resolve();
            },
          },
        });
        const [user] = await rows("SELECT id FROM auth.users WHERE email = $1", [email]);
        await resets.request(String(user?.["id"]), email);
        place.start([resets.job]);
        const job = async () => (await rows("SELECT state FROM jobs.jobs WHERE key LIKE $1", [`%${email}%`]))[0]?.["state"];
        await until(async () => (await job()) === state);
        assert.deepEqual(
          mails,
          Array.from({ length: sent }, () => email),
        );
        await place.close();
      });
  });
});
