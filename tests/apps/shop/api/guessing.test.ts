import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import { PASSWORD } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { workUntil } from "../support/until.ts";

describe("guessing passwords", () => {
  let shop: TestShop;
  before(async () => (shop = await openShop()));
  after(() => shop.close());

  const newAccount = async (): Promise<string> => {
    const email = `${randomUUID()}@example.com`;
    await shop.app.inject({ method: "POST", url: "/api/users", payload: { email, password: PASSWORD } });
    return email;
  };
  const logIn = (email: string, password = PASSWORD): Promise<LightMyRequestResponse> =>
    shop.app.inject({ method: "POST", url: "/api/sessions", payload: { email, password } });
  const guess = async (email: string, times: number): Promise<number[]> => {
    const codes: number[] = [];
    for (let count = 0; count < times; count += 1) codes.push((await logIn(email, `guess number ${count}`)).statusCode);
    return codes;
  };

  it("locks an account for a quarter of an hour after ten wrong passwords, the right one too", async () => {
    const email = await newAccount();
    assert.deepEqual(await guess(email, 12), [...Array.from({ length: 10 }, () => 401), 429, 429]);
    const response = await logIn(email);
    assert.equal(response.statusCode, 429);
    const seconds = Number(response.headers["retry-after"]);
    assert.ok(seconds > 890 && seconds <= 900, `${seconds} s`);
    const { type, title, detail } = response.json<Record<string, unknown>>();
    assert.equal(type, "urn:problem:shop:too-many-requests");
    assert.equal(title, "Too many log-ins.");
    assert.equal(detail, `Try again in ${seconds} seconds.`);
  });

  it("opens the account again when the quarter of an hour is over", async () => {
    const email = await newAccount();
    await guess(email, 11);
    await query(shop.databaseUrl, "UPDATE auth.login_failures SET expires_at = now() - interval '1 second'");
    assert.equal((await logIn(email)).statusCode, 201);
  });

  it("locks an address without an account in the same way, so that it tells nothing", async () => {
    assert.deepEqual((await guess(`${randomUUID()}@example.com`, 11)).slice(9), [401, 429]);
  });

  it("locks no other account", async () => {
    const [attacked, other] = [await newAccount(), await newAccount()];
    await guess(attacked, 11);
    assert.equal((await logIn(other)).statusCode, 201);
  });

  it("forgets the wrong ones after a right one", async () => {
    const email = await newAccount();
    await guess(email, 9);
    assert.equal((await logIn(email)).statusCode, 201);
    assert.deepEqual((await guess(email, 10)).at(-1), 401);
  });

  it("lets no more than ten guesses through when many come at once", async () => {
    const email = await newAccount();
    const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => logIn(email, `guess number ${index}`)));
    const refused = answers.filter(({ statusCode }) => statusCode === 401).length;
    assert.equal(refused, 10);
    assert.equal(answers.filter(({ statusCode }) => statusCode === 429).length, 20);
  });

  it("names nobody in the table of wrong passwords", async () => {
    const email = `${randomUUID()}@example.com`;
    await guess(email, 1);
    const rows = await query(shop.databaseUrl, "SELECT account FROM auth.login_failures");
    assert.ok(rows.length > 0);
    for (const { account } of rows) assert.equal((account as Buffer).length, 32);
  });

  it("is swept away when its time is over, and sessions too", async () => {
    await query(shop.databaseUrl, "UPDATE auth.login_failures SET expires_at = now() - interval '1 second'");
    await query(shop.databaseUrl, "UPDATE auth.sessions SET expires_at = now() - interval '1 second'");
    const left = async (): Promise<unknown> =>
      (
        await query(
          shop.databaseUrl,
          "SELECT ((SELECT count(*) FROM auth.login_failures) + (SELECT count(*) FROM auth.sessions))::int AS n",
        )
      )[0]?.["n"];
    assert.notEqual(await left(), 0);
    await workUntil(shop, async () => (await left()) === 0);
  });
});

describe("the limits of one address", () => {
  let shop: TestShop;
  beforeEach(async () => (shop = await openShop({ limits: { logInsPerMinute: 3, signUpsPerMinute: 2 } })));
  afterEach(() => shop.close());

  const logIn = (from: string): Promise<LightMyRequestResponse> =>
    shop.app.inject({
      method: "POST",
      url: "/api/sessions",
      headers: { "x-forwarded-for": from },
      payload: { email: `${randomUUID()}@example.com`, password: PASSWORD },
    });
  const codes = async (...from: string[]): Promise<number[]> => {
    const answers: number[] = [];
    for (const address of from) answers.push((await logIn(address)).statusCode);
    return answers;
  };

  it("stop guessing over many accounts", async () => {
    assert.deepEqual(await codes("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2"), [401, 401, 401, 429, 401]);
    const response = await logIn("192.0.2.1");
    const seconds = Number(response.headers["retry-after"]);
    assert.ok(seconds >= 1 && seconds <= 60, `${seconds} s`);
  });

  it("count a household's network of IPv6 as one", async () => {
    assert.deepEqual(
      await codes("2001:db8::1", "2001:db8::2", "2001:db8::ffff:3", "2001:db8::4", "2001:db8:0:1::1"),
      [401, 401, 401, 429, 401],
    );
  });

  it("believe nobody but the proxy about where a request comes from", async () => {
    const answers: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      const response = await shop.app.inject({
        method: "POST",
        url: "/api/sessions",
        remoteAddress: "203.0.113.9",
        headers: { "x-forwarded-for": `192.0.2.${index}` },
        payload: { email: `${randomUUID()}@example.com`, password: PASSWORD },
      });
      answers.push(response.statusCode);
    }
    assert.deepEqual(answers, [401, 401, 401, 429]);
  });

  it("hold over all processes together, and name nobody in their table", async () => {
    const other = await openShop({ limits: { logInsPerMinute: 3, signUpsPerMinute: 2 }, databaseUrl: shop.databaseUrl });
    const from = (app: TestShop["app"]) =>
      app.inject({
        method: "POST",
        url: "/api/sessions",
        headers: { "x-forwarded-for": "192.0.2.1" },
        payload: { email: `${randomUUID()}@example.com`, password: PASSWORD },
      });
    const answers = await Promise.all([shop.app, other.app, shop.app, other.app, shop.app].map(from));
    assert.deepEqual(answers.map(({ statusCode }) => statusCode).toSorted(), [401, 401, 401, 429, 429]);
    const rows = await query(shop.databaseUrl, "SELECT counter, hits FROM platform.hits");
    assert.deepEqual(
      rows.map(({ counter, hits }) => [(counter as Buffer).length, hits]),
      [[32, 5]],
    );
    await other.close();
  });

  it("begin anew when the minute is over, and are swept away then", async () => {
    assert.deepEqual(await codes("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1"), [401, 401, 401, 429]);
    await query(shop.databaseUrl, "UPDATE platform.hits SET expires_at = now() - interval '1 second'");
    assert.deepEqual(await codes("192.0.2.1"), [401]);
    await query(shop.databaseUrl, "UPDATE platform.hits SET expires_at = now() - interval '1 second'");
    await workUntil(shop, async () => (await query(shop.databaseUrl, "SELECT FROM platform.hits")).length === 0);
  });

  it("hold for sign-ups as well, over form and API together", async () => {
    const signUp = (): Promise<LightMyRequestResponse> =>
      shop.app.inject({
        method: "POST",
        url: "/api/users",
        payload: { email: `${randomUUID()}@example.com`, password: PASSWORD },
      });
    assert.deepEqual([(await signUp()).statusCode, (await signUp()).statusCode, (await signUp()).statusCode], [202, 202, 429]);
  });
});
