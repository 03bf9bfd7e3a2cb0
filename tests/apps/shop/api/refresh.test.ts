import assert from "node:assert/strict";
import type { LightMyRequestResponse } from "fastify";
import { newCustomer, PASSWORD } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";

interface Grant {
  readonly token: string;
  readonly refreshToken: string;
  readonly refreshExpiresAt: string;
}

describe("prolonging a session", () => {
  let shop: TestShop;
  let first: Grant;
  before(async () => (shop = await openShop()));
  beforeEach(async () => (first = await logIn((await newCustomer(shop.app)).email)));
  after(() => shop.close());

  const post = (url: string, payload: object): Promise<LightMyRequestResponse> =>
    shop.app.inject({ method: "POST", url, payload });
  const logIn = async (email: string): Promise<Grant> => (await post("/api/sessions", { email, password: PASSWORD })).json();
  const refresh = (refreshToken: string): Promise<LightMyRequestResponse> => post("/api/sessions/refresh", { refreshToken });
  const works = async (token: string): Promise<boolean> =>
    (await shop.app.inject({ url: "/api/me", headers: { authorization: `Bearer ${token}` } })).statusCode === 200;
  const rows = (text: string) => query(shop.databaseUrl, text);

  it("gives another token and another refresh token, each time", async () => {
    const answer = await refresh(first.refreshToken);
    assert.deepEqual([answer.statusCode, answer.headers["cache-control"]], [201, "no-store"]);
    const second = answer.json<Grant>();
    assert.deepEqual(Object.keys(second), ["token", "tokenType", "expiresAt", "refreshToken", "refreshExpiresAt"]);
    const third = (await refresh(second.refreshToken)).json<Grant>();
    assert.equal(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size, 3);
    for (const { token } of [first, second, third]) assert.equal(await works(token), true);
  });

  it("works once more within ten seconds, for an answer may be lost and two tabs may ask at once", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => refresh(first.refreshToken)));
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [201, 201, 201],
    );
    for (const answer of answers) assert.equal((await refresh(answer.json<Grant>().refreshToken)).statusCode, 201);
  });

  it("ends the session for both when a token comes a second time later, and says so in the log", async () => {
    const second = (await refresh(first.refreshToken)).json<Grant>();
    await rows("UPDATE auth.refresh_tokens SET used_at = used_at - interval '11 seconds'");
    const answer = await refresh(first.refreshToken);
    assert.equal(answer.statusCode, 401);
    const { type, title, detail } = answer.json<Record<string, unknown>>();
    assert.deepEqual([type, title, detail], ["urn:problem:shop:session-ended", "The session has ended.", "Log in again."]);
    assert.equal((await refresh(second.refreshToken)).statusCode, 401);
    assert.equal(await works(second.token), false);
    const line = shop.log.lines().find(({ event }) => event === "refresh-token-reused");
    assert.equal(line?.["level"], "warn");
    for (const { token, refreshToken } of [first, second])
      assert.ok(!shop.log.text().includes(token) && !shop.log.text().includes(refreshToken));
  });

  it("is worth nothing after a log-out", async () => {
    const headers = { authorization: `Bearer ${first.token}` };
    await shop.app.inject({ method: "DELETE", url: "/api/sessions/current", headers });
    assert.equal((await refresh(first.refreshToken)).statusCode, 401);
  });

  it("is not possible once the session was left alone for fourteen days, nor after ninety days", async () => {
    const open = (await refresh(first.refreshToken)).json<Grant>();
    await rows("UPDATE auth.sessions SET created_at = now() - interval '89 days'");
    const late = (await refresh(open.refreshToken)).json<Grant>();
    const hours = Math.round((Date.parse(late.refreshExpiresAt) - Date.now()) / 3_600_000);
    assert.equal(hours, 24);
    await rows("UPDATE auth.sessions SET expires_at = now() - interval '1 second'");
    assert.equal((await refresh(late.refreshToken)).statusCode, 401);
  });

  it("keeps no token that could be used by whoever reads the table", async () => {
    const kept = await rows("SELECT hash FROM auth.refresh_tokens");
    for (const { hash } of kept) assert.equal((hash as Buffer).length, 32);
    assert.deepEqual(
      kept.filter(({ hash }) => (hash as Buffer).equals(Buffer.from(first.refreshToken, "base64url"))),
      [],
    );
  });

  for (const [what, body] of [
    ["nothing", {}],
    ["an empty token", { refreshToken: "" }],
    ["a number", { refreshToken: 1 }],
    ["a token that is too long", { refreshToken: "x".repeat(201) }],
    ["more than is asked", { refreshToken: "x", userId: "y" }],
  ] as const)
    it(`is refused for ${what}`, async () => {
      assert.equal((await post("/api/sessions/refresh", body)).statusCode, 400);
    });
});
