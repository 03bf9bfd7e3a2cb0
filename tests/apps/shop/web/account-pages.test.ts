import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { PASSWORD } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { hiddenFields, Visitor } from "../support/visitor.ts";

describe("the pages of an account", () => {
  let shop: TestShop;
  before(async () => (shop = await openShop()));
  after(() => shop.close());

  const visitor = (): Visitor => new Visitor(shop.app);
  const newEmail = (): string => `${randomUUID()}@example.com`;
  const signedUp = async (): Promise<{ someone: Visitor; email: string }> => {
    const [someone, email] = [visitor(), newEmail()];
    await someone.submit("/signup", "/signup", { email, password: PASSWORD });
    return { someone, email };
  };

  it("lead from sign-up over log-in into the shop and out again", async () => {
    const [someone, email] = [visitor(), newEmail()];
    const signUp = await someone.submit("/signup", "/signup", { email, password: PASSWORD });
    assert.deepEqual([signUp.statusCode, signUp.headers.location], [303, "/login?welcome=1"]);
    assert.match((await someone.get("/login?welcome=1")).body, /Your account is ready\. Log in to go on\./);
    const logIn = await someone.submit("/login", "/login", { email, password: PASSWORD });
    assert.deepEqual([logIn.statusCode, logIn.headers.location], [303, "/"]);
    assert.match((await someone.get("/")).body, /Your orders/);
    const logOut = await someone.submit("/", "/logout", {});
    assert.deepEqual([logOut.statusCode, logOut.headers.location], [303, "/"]);
    assert.deepEqual([someone.cookies.has("session"), someone.cookies.has("refresh")], [false, false]);
    assert.match((await someone.get("/")).body, /Log in/);
  });

  it("prolong a session when its token has expired, without a word", async () => {
    const { someone, email } = await signedUp();
    await someone.submit("/login", "/login", { email, password: PASSWORD });
    const refreshToken = someone.cookies.get("refresh");
    // As when a quarter of an hour has passed.
    someone.cookies.set("session", "expired");
    assert.equal((await someone.get("/orders")).statusCode, 200);
    assert.match(someone.cookies.get("session") ?? "", /^[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.notEqual(someone.cookies.get("refresh"), refreshToken);
    someone.cookies.set("session", "expired");
    const bought = await someone.submit("/products/oat-mug", "/orders", { quantity: "1" });
    assert.match(String(bought.headers.location), /^\/orders\//);
  });

  it("forget a session that cannot be prolonged", async () => {
    const someone = visitor();
    someone.cookies.set("session", "expired").set("refresh", "unknown");
    assert.equal((await someone.get("/orders")).headers.location, "/login?next=/orders");
    assert.deepEqual([...someone.cookies.keys()], []);
  });

  it("end every session of a person from one place", async () => {
    const { someone: here, email } = await signedUp();
    const there = visitor();
    for (const place of [here, there]) await place.submit("/login", "/login", { email, password: PASSWORD });
    assert.match((await here.get("/account")).body, /You are logged in in 2 places\./);
    const out = await here.submit("/account", "/logout/everywhere");
    assert.deepEqual([out.statusCode, out.headers.location], [303, "/login?out=1"]);
    assert.match((await here.get("/login?out=1")).body, /You are logged out, here and everywhere else\./);
    assert.equal((await there.get("/orders")).statusCode, 303);
    await here.submit("/login", "/login", { email, password: PASSWORD });
    assert.match((await here.get("/account")).body, /You are logged in here only\./);
    assert.equal((await here.post("/logout/everywhere", {})).statusCode, 403);
  });

  it("end the session at log-out, so that a copied cookie is worth nothing", async () => {
    const { someone, email } = await signedUp();
    await someone.submit("/login", "/login", { email, password: PASSWORD });
    const thief = visitor();
    thief.cookies.set("session", someone.cookies.get("session") ?? "");
    assert.equal((await thief.get("/orders")).statusCode, 200);
    await someone.submit("/", "/logout", {});
    const answer = await thief.get("/orders");
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, "/login?next=/orders"]);
  });

  it("keep what was typed but the password, and say beside each field what is wrong", async () => {
    const answer = await visitor().submit("/signup", "/signup", { email: "nobody", password: "short" });
    assert.equal(answer.statusCode, 422);
    assert.match(answer.body, /role="alert">Please correct what is marked below\.</);
    assert.match(answer.body, /value="nobody" aria-invalid="true" aria-describedby="email-fault"/);
    assert.match(answer.body, /id="email-fault">Enter an address like name@example\.com\.</);
    assert.match(answer.body, /id="password-fault">Use at least 10 characters\.</);
    assert.ok(!answer.body.includes("short"));
  });

  it("say of the first fault of a field only", async () => {
    const { body } = await visitor().submit("/login", "/login", { email: "", password: "" });
    assert.match(body, /id="email-fault">Enter your e-mail address\.</);
    assert.match(body, /id="password-fault">Enter your password\.</);
  });

  it("refuse a wrong password without saying which of the two it was", async () => {
    const { someone, email } = await signedUp();
    for (const address of [email, newEmail()]) {
      const answer = await someone.submit("/login", "/login", { email: address, password: "not the password" });
      assert.equal(answer.statusCode, 401);
      assert.match(answer.body, /role="alert">The e-mail address or the password is wrong\.</);
    }
    assert.equal(someone.cookies.has("session"), false);
  });

  it("turn people away after ten wrong passwords, and say for how long", async () => {
    const { someone, email } = await signedUp();
    for (let count = 0; count < 10; count += 1) await someone.submit("/login", "/login", { email, password: `guess ${count}` });
    const answer = await someone.submit("/login", "/login", { email, password: PASSWORD });
    assert.equal(answer.statusCode, 429);
    assert.ok(Number(answer.headers["retry-after"]) > 890);
    assert.match(answer.body, /Too many log-ins for this address\. Try again in 15 minutes\./);
  });

  it("show somebody who is logged in the shop instead of the log-in", async () => {
    const { someone, email } = await signedUp();
    await someone.submit("/login", "/login", { email, password: PASSWORD });
    const answer = await someone.get("/login?next=/orders");
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, "/orders"]);
  });

  describe("after log-in", () => {
    for (const next of ["/products/oat-mug", "/orders", "/orders/0192f0c1-7b2e-7000-8000-000000000001", "/account"])
      it(`lead on to ${next}`, async () => {
        const { someone, email } = await signedUp();
        const answer = await someone.submit(`/login?next=${next}`, "/login", { email, password: PASSWORD });
        assert.deepEqual([answer.statusCode, answer.headers.location], [303, next]);
      });

    for (const next of [
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "\\\\evil.example",
      "/products/../../evil",
      "/products/oat-mug//evil.example",
      "/products/oat-mug?x=https://evil.example",
      "/orders\r\nSet-Cookie: a=b",
      "javascript:alert(1)",
      "/logout",
      " /orders",
      "/orders@evil.example",
      "/account/../logout",
    ])
      it(`lead nowhere but into the shop for next=${JSON.stringify(next)}`, async () => {
        const { someone, email } = await signedUp();
        const page = await someone.get(`/login?next=${encodeURIComponent(next)}`);
        assert.equal("next" in hiddenFields(page.body, "/login"), false);
        const answer = await someone.submit("/login", "/login", { email, password: PASSWORD, next });
        assert.deepEqual([answer.statusCode, answer.headers.location], [303, "/"]);
      });
  });

  describe("their cookies", () => {
    it("cannot be read by scripts, nor come along from other sites' forms", async () => {
      const { someone, email } = await signedUp();
      const answer = await someone.submit("/login", "/login", { email, password: PASSWORD });
      const [cookie] = answer.cookies.filter(({ name }) => name === "session");
      const { value: _, expires, ...attributes } = cookie ?? { value: "", name: "" };
      assert.deepEqual(attributes, { name: "session", path: "/", httpOnly: true, sameSite: "Lax" });
      assert.ok(Number(expires) > Date.now());
    });

    it("are bound to this host and to TLS where the shop has an https address", async () => {
      const secure = await openShop({ databaseUrl: shop.databaseUrl, environment: { PUBLIC_URL: "https://shop.example.com" } });
      const page = await secure.app.inject("/login");
      const { value: _, ...attributes } = page.cookies[0] ?? { value: "", name: "" };
      assert.deepEqual(attributes, { name: "__Host-visitor", path: "/", httpOnly: true, secure: true, sameSite: "Lax" });
      assert.equal(page.headers["strict-transport-security"], "max-age=31536000");
      assert.equal((await shop.app.inject("/login")).headers["strict-transport-security"], undefined);
      await secure.close();
    });

    it("are not set on somebody who only looks around", async () => {
      for (const url of ["/", "/products/oat-mug", "/assets/x/style.css"])
        assert.deepEqual((await shop.app.inject(url)).cookies, []);
    });

    it("with a forged session are no log-in", async () => {
      const someone = visitor();
      for (const value of ["nonsense", "a.b.c", `${Buffer.from('{"alg":"none"}').toString("base64url")}.e30.`]) {
        someone.cookies.set("session", value);
        assert.equal((await someone.get("/orders")).headers.location, "/login?next=/orders");
      }
    });
  });

  describe("their forms", () => {
    const refused = async (someone: Visitor, url: string, fields: Record<string, string>, headers = {}): Promise<void> => {
      const answer = await someone.post(url, fields, headers);
      assert.equal(answer.statusCode, 403);
      assert.match(answer.body, /<h1>This form has expired\.<\/h1>/);
    };

    it("are taken from our own pages only: without the hidden token there is nothing", async () => {
      const email = newEmail();
      const [someone, other] = [visitor(), visitor()];
      const fields = { email, password: PASSWORD };
      await refused(visitor(), "/signup", fields);
      await someone.get("/signup");
      await refused(someone, "/signup", fields);
      await refused(someone, "/signup", { ...fields, _csrf: "" });
      await refused(someone, "/signup", { ...fields, _csrf: "forged" });
      const theirs = hiddenFields((await other.get("/signup")).body, "/signup");
      await refused(someone, "/signup", { ...fields, ...theirs });
      assert.deepEqual(await query(shop.databaseUrl, "SELECT FROM auth.users WHERE email = $1", [email]), []);
    });

    it("are not taken from another site, even with the token", async () => {
      const someone = visitor();
      const hidden = hiddenFields((await someone.get("/login")).body, "/login");
      await refused(someone, "/login", { email: "a@example.com", password: "x", ...hidden }, { "sec-fetch-site": "cross-site" });
    });

    it("of before the log-in are not taken after it, nor those of another session", async () => {
      const { someone, email } = await signedUp();
      const early = hiddenFields((await someone.get("/login")).body, "/login")["_csrf"] ?? "";
      await someone.submit("/login", "/login", { email, password: PASSWORD });
      const first = hiddenFields((await someone.get("/")).body, "/logout")["_csrf"] ?? "";
      await refused(someone, "/logout", { _csrf: early });
      await someone.submit("/", "/logout", {});
      await someone.submit("/login", "/login", { email, password: PASSWORD });
      await refused(someone, "/logout", { _csrf: first });
      assert.equal(someone.cookies.has("session"), true);
    });

    it("are not taken with a token given twice, nor as JSON, nor as text", async () => {
      const someone = visitor();
      const { _csrf = "" } = hiddenFields((await someone.get("/login")).body, "/login");
      const cookie = `visitor=${someone.cookies.get("visitor") ?? ""}`;
      const send = async (type: string, payload: string): Promise<number> =>
        (await shop.app.inject({ method: "POST", url: "/login", headers: { "content-type": type, cookie }, payload })).statusCode;
      assert.equal(await send("application/x-www-form-urlencoded", `_csrf=${_csrf}&_csrf=${_csrf}`), 403);
      assert.equal(await send("application/json", JSON.stringify({ _csrf })), 415);
      assert.equal(await send("text/plain", `_csrf=${_csrf}`), 415);
      assert.equal(await send("application/x-www-form-urlencoded", `a=${"x".repeat(70_000)}`), 413);
    });

    it("of somebody whose session has ended lead to the log-in", async () => {
      const someone = visitor();
      const answer = await someone.post("/logout", {});
      assert.deepEqual([answer.statusCode, answer.headers.location], [303, "/"]);
    });
  });

  it("show what was typed as text, never as markup", async () => {
    const evil = `"><script>alert(1)</script>'&`;
    const answer = await visitor().submit("/login", "/login", { email: evil, password: "" });
    assert.ok(!answer.body.includes("<script"));
    assert.match(answer.body, /value="&quot;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;&#39;&amp;"/);
  });
});
