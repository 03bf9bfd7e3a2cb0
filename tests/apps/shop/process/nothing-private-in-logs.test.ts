import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mailsTo } from "../support/mail.ts";
import { query } from "../support/postgres.ts";
import { APP_SECRET, openShop } from "../support/shop.ts";
import { workUntil } from "../support/until.ts";
import { Visitor } from "../support/visitor.ts";

describe("the log", function () {
  this.timeout(60_000);

  it("holds no secret and nothing personal, whatever people do and whatever goes wrong, at its chattiest", async () => {
    const shop = await openShop({ environment: { LOG_LEVEL: "debug" } });
    const [email, name] = [`ada-${randomUUID()}@example.com`, `Ada ${randomUUID()}`];
    const [password, other, search] = [`first ${randomUUID()}`, `second ${randomUUID()}`, `looks-for-${randomUUID()}`];
    const secrets: string[] = [APP_SECRET, new URL(shop.databaseUrl).password, email, name, password, other, search];
    const rows = (text: string, values: unknown[] = []) => query(shop.databaseUrl, text, values);
    const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
      shop.app.inject({ method: "POST", url, payload, headers });

    const someone = new Visitor(shop.app);
    await someone.enter(email, password);
    await someone.submit("/account", "/account", { name, homeRegion: "europe" });
    await someone.get(`/search?q=${search}`);
    const order = String((await someone.submit("/products/oat-mug", "/orders", { quantity: "1" })).headers.location);
    secrets.push(...someone.cookies.values());

    const grant = (await post("/api/sessions", { email, password })).json<{ token: string; refreshToken: string }>();
    const next = (await post("/api/sessions/refresh", { refreshToken: grant.refreshToken })).json<typeof grant>();
    secrets.push(grant.token, grant.refreshToken, next.token, next.refreshToken);
    await rows("UPDATE auth.refresh_tokens SET used_at = used_at - interval '1 minute'");
    await post("/api/sessions/refresh", { refreshToken: grant.refreshToken });
    await post("/api/sessions", { email, password: other });
    await post("/api/sessions", { email: [email], password });
    await shop.app.inject({ url: `/reset?token=${search}`, headers: { referer: `http://x/?q=${search}`, "user-agent": name } });
    await post("/api/password-resets", { email });
    await someone.submit("/account/data", "/account/exports");

    // A fault in the middle of a request, and one in a job: both are logged with their stack.
    await rows("ALTER TABLE users.profiles RENAME TO gone");
    assert.equal((await someone.get("/account")).statusCode, 500);
    await rows("ALTER TABLE users.gone RENAME TO profiles");
    await rows(`INSERT INTO jobs.jobs (id, kind, input, max_attempts) VALUES (gen_random_uuid(), 'make-invoice', $1, 1)`, [
      JSON.stringify({ orderId: email }),
    ]);
    await workUntil(shop, async () => {
      const open = await rows("SELECT FROM jobs.jobs WHERE state IN ('waiting', 'running')");
      return open.length === 0 && (await mailsTo(shop.databaseUrl, email)).length === 1;
    });
    const [mail] = await mailsTo(shop.databaseUrl, email);
    const token = /token=([\w-]{43})/.exec(mail?.content ?? "")?.[1] ?? "";
    secrets.push(token);
    await post("/api/passwords", { token, password: other });
    await someone.enter(email, other);
    assert.equal((await someone.get(order)).statusCode, 200);
    await someone.submit("/account/data", "/account/deletion", { password: other });

    const text = shop.log.text();
    const events = new Set(shop.log.lines().map(({ event }) => event));
    for (const event of ["request", "error", "job", "refresh-token-reused"]) assert.ok(events.has(event), event);
    for (const secret of secrets) assert.ok(secret.length >= 4 && !text.includes(secret), `${secret} is in the log`);
    assert.doesNotMatch(text, /@example\.com|scrypt|eyJ[\w-]+\.|BEGIN [A-Z ]*PRIVATE KEY/);
    await shop.close();
  });
});
