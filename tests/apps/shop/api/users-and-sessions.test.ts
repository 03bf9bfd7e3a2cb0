import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import { newCustomer, PASSWORD } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";

/** A problem without its trace id, which is another each time. */
function problemOf(response: LightMyRequestResponse): Record<string, unknown> {
  const { trace_id: _, ...problem } = response.json<Record<string, unknown>>();
  return problem;
}

describe("the API of users and sessions", () => {
  let shop: TestShop;
  before(async () => (shop = await openShop()));
  after(() => shop.close());

  const post = (url: string, payload: object): Promise<LightMyRequestResponse> =>
    shop.app.inject({ method: "POST", url, payload });
  const logIn = (email: string, password = PASSWORD): Promise<LightMyRequestResponse> =>
    post("/api/sessions", { email, password });
  const newEmail = (): string => `${randomUUID()}@example.com`;
  const orders = (token: string): Promise<LightMyRequestResponse> =>
    shop.app.inject({ url: "/api/orders", headers: { authorization: `Bearer ${token}` } });

  it("signs somebody up, who then logs in, for a quarter of an hour at a time", async () => {
    const email = newEmail();
    const signUp = await post("/api/users", { email, password: PASSWORD });
    assert.equal(signUp.statusCode, 202);
    assert.deepEqual(signUp.json(), { status: "accepted", next: "POST /api/sessions" });
    const begun = Date.now();
    const session = await logIn(email);
    assert.equal(session.statusCode, 201);
    assert.equal(session.headers["cache-control"], "no-store");
    const { token, tokenType, expiresAt, refreshToken, refreshExpiresAt } = session.json<Record<string, string>>();
    assert.equal(tokenType, "Bearer");
    assert.match(refreshToken ?? "", /^[\w-]{43}$/);
    const after = (time: string | undefined): number => Math.round((Date.parse(time ?? "") - begun) / 60_000);
    assert.deepEqual([after(expiresAt), after(refreshExpiresAt)], [15, 14 * 24 * 60]);
    assert.equal((await orders(token ?? "")).statusCode, 200);
  });

  it("answers the same for an address that has an account, and leaves that account alone", async () => {
    const email = newEmail();
    await post("/api/users", { email, password: PASSWORD });
    const again = await post("/api/users", { email: ` ${email.toUpperCase()} `, password: "another long password" });
    assert.equal(again.statusCode, 202);
    assert.deepEqual(again.json(), { status: "accepted", next: "POST /api/sessions" });
    assert.equal((await logIn(email, "another long password")).statusCode, 401);
    assert.equal((await logIn(email)).statusCode, 201);
  });

  it("does not mind the case of an address, nor how a password's characters are composed", async () => {
    const email = newEmail();
    await post("/api/users", { email, password: "caf\u00e9 au lait \ufb01n" });
    assert.equal((await logIn(email.toUpperCase(), "cafe\u0301 au lait fin")).statusCode, 201);
  });

  it("stores a password as a salted scrypt hash only", async () => {
    const [one, two] = [newEmail(), newEmail()];
    for (const email of [one, two]) await post("/api/users", { email, password: PASSWORD });
    const rows = await query(shop.databaseUrl, "SELECT password_hash FROM auth.users WHERE email = ANY($1)", [[one, two]]);
    const hashes = rows.map((row) => String(row["password_hash"]));
    for (const hash of hashes) assert.match(hash, /^\$scrypt\$ln=4,r=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    assert.notEqual(hashes[0], hashes[1]);
  });

  it("tells nobody whether it was the address or the password that was wrong", async () => {
    const email = newEmail();
    await post("/api/users", { email, password: PASSWORD });
    for (const response of [await logIn(email, "not the password"), await logIn(newEmail())]) {
      assert.equal(response.statusCode, 401);
      assert.deepEqual(problemOf(response), {
        type: "urn:problem:shop:wrong-credentials",
        title: "The e-mail address or the password is wrong.",
        status: 401,
      });
    }
  });

  it("ends a session at log-out, and only that one", async () => {
    const email = newEmail();
    await post("/api/users", { email, password: PASSWORD });
    const [here, there] = [
      (await logIn(email)).json<{ token: string }>().token,
      (await logIn(email)).json<{ token: string }>().token,
    ];
    const headers = { authorization: `Bearer ${here}` };
    const out = await shop.app.inject({ method: "DELETE", url: "/api/sessions/current", headers });
    assert.equal(out.statusCode, 204);
    assert.equal((await orders(here)).statusCode, 401);
    assert.equal((await orders(there)).statusCode, 200);
    assert.equal((await shop.app.inject({ method: "DELETE", url: "/api/sessions/current", headers })).statusCode, 401);
  });

  it("ends all sessions of a person at once, and those of nobody else", async () => {
    const [customer, other] = [await newCustomer(shop.app), await newCustomer(shop.app)];
    const elsewhere = (await logIn(customer.email)).json<{ token: string; refreshToken: string }>();
    assert.equal((await customer.ask("DELETE", "/api/sessions")).statusCode, 204);
    assert.equal((await customer.ask("GET", "/api/orders")).statusCode, 401);
    assert.equal((await orders(elsewhere.token)).statusCode, 401);
    assert.equal((await post("/api/sessions/refresh", { refreshToken: elsewhere.refreshToken })).statusCode, 401);
    assert.equal((await other.ask("GET", "/api/orders")).statusCode, 200);
    assert.equal((await shop.app.inject({ method: "DELETE", url: "/api/sessions" })).statusCode, 401);
  });

  it("ends every session of an account that is deleted", async () => {
    const customer = await newCustomer(shop.app);
    await query(shop.databaseUrl, "DELETE FROM auth.users WHERE email = $1", [customer.email]);
    assert.equal((await customer.ask("GET", "/api/orders")).statusCode, 401);
  });

  it("refuses a session whose time is over, whatever its token says", async () => {
    const customer = await newCustomer(shop.app);
    await query(
      shop.databaseUrl,
      "UPDATE auth.sessions SET expires_at = now() - interval '1 second' WHERE user_id = (SELECT id FROM auth.users WHERE email = $1)",
      [customer.email],
    );
    assert.equal((await customer.ask("GET", "/api/orders")).statusCode, 401);
  });

  for (const [what, body, errors] of [
    [
      "nothing",
      {},
      [
        ["email", "Enter your e-mail address."],
        ["password", "Choose a password."],
      ],
    ],
    ["no address", { email: "nobody", password: PASSWORD }, [["email", "Enter an address like name@example.com."]]],
    [
      "an address of 255 characters",
      { email: `${"a".repeat(243)}@example.com`, password: PASSWORD },
      [["email", "This address is too long."]],
    ],
    [
      "an address with a line break",
      { email: "a@example.com\r\nBcc: b@example.com", password: PASSWORD },
      [["email", "Enter an address like name@example.com."]],
    ],
    [
      "an address with a NUL",
      { email: "a\0@example.com", password: PASSWORD },
      [["email", "Enter an address like name@example.com."]],
    ],
    ["9 characters", { email: "a@example.com", password: "123456789" }, [["password", "Use at least 10 characters."]]],
    ["201 characters", { email: "a@example.com", password: "x".repeat(201) }, [["password", "Use at most 200 characters."]]],
    [
      "wrong types",
      { email: { $ne: "" }, password: 1234567890 },
      [
        ["email", "Enter your e-mail address."],
        ["password", "Choose a password."],
      ],
    ],
    [
      "more than is asked",
      { email: "a@example.com", password: PASSWORD, id: randomUUID(), role: "admin" },
      [["", 'Unrecognized keys: "id", "role"']],
    ],
  ] as const)
    it(`refuses a sign-up with ${what}`, async () => {
      const response = await post("/api/users", body);
      assert.equal(response.statusCode, 400);
      assert.deepEqual(
        problemOf(response)["errors"],
        errors.map(([path, message]) => ({ path, message })),
      );
    });

  for (const [what, body, errors] of [
    [
      "nothing",
      {},
      [
        ["email", "Enter your e-mail address."],
        ["password", "Enter your password."],
      ],
    ],
    [
      "an address with a NUL",
      { email: "a\0@example.com", password: PASSWORD },
      [["email", "Enter an address like name@example.com."]],
    ],
    ["a number as password", { email: "a@example.com", password: 1234567890 }, [["password", "Enter your password."]]],
    [
      "a very long password",
      { email: "a@example.com", password: "x".repeat(201) },
      [["password", "Use at most 200 characters."]],
    ],
    [
      "more than is asked",
      { email: "a@example.com", password: PASSWORD, expiresAt: "2099-01-01" },
      [["", 'Unrecognized key: "expiresAt"']],
    ],
  ] as const)
    it(`refuses a log-in with ${what}`, async () => {
      const response = await post("/api/sessions", body);
      assert.equal(response.statusCode, 400);
      assert.deepEqual(
        problemOf(response)["errors"],
        errors.map(([path, message]) => ({ path, message })),
      );
    });

  it("takes what looks like SQL for what it is: text", async () => {
    const response = await logIn("' OR 1=1; DROP TABLE auth.users; --", "' OR ''='");
    assert.equal(response.statusCode, 401);
    assert.equal((await query(shop.databaseUrl, "SELECT count(*)::int AS n FROM auth.users"))[0]?.["n"] !== 0, true);
  });
});
