import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import { SignJWT, UnsecuredJWT } from "jose";
import { Keys } from "../../../../apps/shop/src/keys.ts";
import { newCustomer } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { APP_SECRET, openShop, type TestShop } from "../support/shop.ts";

describe("a token", () => {
  let shop: TestShop;
  const orders = (token: string): Promise<LightMyRequestResponse> =>
    shop.app.inject({ url: "/api/orders", headers: { authorization: `Bearer ${token}` } });
  const keys = new Keys();
  keys.unlock(APP_SECRET);
  const key = keys.key("session-tokens");
  let userId = "";
  let sessionId = "";
  let genuine = "";
  before(async () => {
    shop = await openShop();
    const customer = await newCustomer(shop.app);
    genuine = customer.token;
    const [row] = await query(
      shop.databaseUrl,
      "SELECT s.id, s.user_id FROM auth.sessions AS s JOIN auth.users AS u ON u.id = s.user_id WHERE u.email = $1",
      [customer.email],
    );
    userId = String(row?.["user_id"]);
    sessionId = String(row?.["id"]);
  });
  after(() => shop.close());

  const make = (alg = "HS256"): SignJWT =>
    new SignJWT()
      .setProtectedHeader({ alg })
      .setIssuer("shop")
      .setAudience("shop")
      .setSubject(userId)
      .setJti(sessionId)
      .setIssuedAt()
      .setExpirationTime("1h");
  const altered = (part: number, change: (json: Record<string, unknown>) => object): string => {
    const parts = genuine.split(".");
    const json = JSON.parse(Buffer.from(parts[part] ?? "", "base64url").toString()) as Record<string, unknown>;
    parts[part] = Buffer.from(JSON.stringify(change(json))).toString("base64url");
    return parts.join(".");
  };

  it("is taken when it is made as ours are", async () => {
    assert.equal((await orders(genuine)).statusCode, 200);
    assert.equal((await orders(await make().sign(key))).statusCode, 200);
  });

  const forged: [string, () => string | Promise<string>][] = [
    [
      "is unsigned (alg none)",
      () =>
        new UnsecuredJWT()
          .setIssuer("shop")
          .setAudience("shop")
          .setSubject(userId)
          .setJti(sessionId)
          .setExpirationTime("1h")
          .encode(),
    ],
    ["says none in its header and keeps the signature", () => altered(0, (header) => ({ ...header, alg: "none" }))],
    ["is signed by another key", () => make().sign(Buffer.alloc(32, 7))],
    ["is signed by the secret itself", () => make().sign(Buffer.from(APP_SECRET))],
    ["is signed by our key for forms", () => make().sign(keys.key("form-tokens"))],
    ["is signed with HS512", () => make("HS512").sign(Buffer.concat([key, key]))],
    ["names another person", () => altered(1, (claims) => ({ ...claims, sub: randomUUID() }))],
    ["lives longer than it did", () => altered(1, (claims) => ({ ...claims, exp: Number(claims["exp"]) + 1 }))],
    [
      "has expired",
      () =>
        make()
          .setExpirationTime(Math.floor(Date.now() / 1000) - 1)
          .sign(key),
    ],
    [
      "never expires",
      () =>
        new SignJWT()
          .setProtectedHeader({ alg: "HS256" })
          .setIssuer("shop")
          .setAudience("shop")
          .setSubject(userId)
          .setJti(sessionId)
          .sign(key),
    ],
    ["is not valid yet", () => make().setNotBefore("5m").sign(key)],
    ["is for another audience", () => make().setAudience("other").sign(key)],
    ["comes from another issuer", () => make().setIssuer("other").sign(key)],
    ["names a session that never was", () => make().setJti(randomUUID()).sign(key)],
    ["names somebody else's session", () => make().setSubject(randomUUID()).sign(key)],
    ["has lost its signature", () => genuine.slice(0, genuine.lastIndexOf(".") + 1)],
    ["has lost its last character", () => genuine.slice(0, -1)],
    ["is three dots", () => "..."],
    ["is a form token", () => createHmac("sha256", keys.key("form-tokens")).update(`session ${sessionId}`).digest("base64url")],
  ];
  for (const [what, token] of forged)
    it(`is refused when it ${what}`, async () => {
      const response = await orders(await token());
      assert.equal(response.statusCode, 401);
      assert.equal(response.json<Record<string, unknown>>()["type"], "urn:problem:shop:unauthorized");
    });

  for (const header of ["", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "bearer\ttoken", `Bearer ${"a".repeat(3000)}`])
    it(`is not found in the header ${JSON.stringify(header.slice(0, 20))}`, async () => {
      const response = await shop.app.inject({ url: "/api/orders", headers: { authorization: header } });
      assert.equal(response.statusCode, 401);
    });
});
