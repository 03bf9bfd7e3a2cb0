import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import { type CryptoKey, exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT, UnsecuredJWT } from "jose";
import { Keys } from "../../../../apps/shop/src/keys.ts";
import { createSigningKeys, type Signer } from "../../../../apps/shop/src/modules/auth/signing-keys.ts";
import type { Database } from "../../../../apps/shop/src/platform/database/database.ts";
import { newCustomer } from "../support/customer.ts";
import { databaseAt, query } from "../support/postgres.ts";
import { APP_SECRET, openShop, type TestShop } from "../support/shop.ts";

describe("a token", () => {
  let shop: TestShop;
  const orders = (token: string): Promise<LightMyRequestResponse> =>
    shop.app.inject({ url: "/api/orders", headers: { authorization: `Bearer ${token}` } });
  const keys = new Keys();
  keys.unlock(APP_SECRET);
  let database: Database;
  let ours: Signer;
  let userId = "";
  let sessionId = "";
  let genuine = "";
  before(async () => {
    shop = await openShop();
    database = databaseAt(shop.databaseUrl);
    const customer = await newCustomer(shop.app);
    ours = await createSigningKeys({
      database,
      wrappingKey: () => keys.key("signing-keys"),
      tokenSeconds: 900,
    }).signer();
    genuine = customer.token;
    const [row] = await query(
      shop.databaseUrl,
      "SELECT s.id, s.user_id FROM auth.sessions AS s JOIN auth.users AS u ON u.id = s.user_id WHERE u.email = $1",
      [customer.email],
    );
    userId = String(row?.["user_id"]);
    sessionId = String(row?.["id"]);
  });
  after(async () => {
    await shop.close();
    await database.close();
  });

  const make = (header: Readonly<Record<string, unknown>> = {}): SignJWT =>
    new SignJWT()
      .setProtectedHeader({ alg: "ES256", kid: ours.kid, typ: "at+jwt", ...header })
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

  const published = async (): Promise<{ keys: JWK[] }> => (await shop.app.inject("/.well-known/jwks.json")).json();
  const publicText = async (): Promise<Buffer> => {
    const [jwk = {}] = (await published()).keys;
    return Buffer.from(await exportSPKI((await importJWK(jwk, "ES256", { extractable: true })) as CryptoKey));
  };
  const withKeyInside = async (): Promise<string> => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = (await crypto.subtle.exportKey("jwk", publicKey)) as JWK;
    return make({ jwk, jku: "http://127.0.0.1:1/keys" }).sign(privateKey);
  };

  it("is taken when it is made as ours are", async () => {
    assert.equal((await orders(genuine)).statusCode, 200);
    assert.equal((await orders(await make().sign(ours.key))).statusCode, 200);
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
    ["is signed by another key pair", async () => make().sign((await generateKeyPair("ES256")).privateKey)],
    ["is signed by another key pair that is named in its header", async () => withKeyInside()],
    ["names a key that never was", () => make({ kid: "none" }).sign(ours.key)],
    ["names no key", () => make({ kid: undefined }).sign(ours.key)],
    ["is of another type", () => make({ typ: "JWT" }).sign(ours.key)],
    ["is signed with our public key as if it were a secret (HS256)", async () => make({ alg: "HS256" }).sign(await publicText())],
    ["is signed by the product's secret", () => make({ alg: "HS256" }).sign(Buffer.from(APP_SECRET))],
    ["is signed by our key for forms", () => make({ alg: "HS256" }).sign(keys.key("form-tokens"))],
    ["names another person", () => altered(1, (claims) => ({ ...claims, sub: randomUUID() }))],
    ["lives longer than it did", () => altered(1, (claims) => ({ ...claims, exp: Number(claims["exp"]) + 1 }))],
    [
      "has expired",
      () =>
        make()
          .setExpirationTime(Math.floor(Date.now() / 1000) - 1)
          .sign(ours.key),
    ],
    [
      "never expires",
      () =>
        new SignJWT()
          .setProtectedHeader({ alg: "ES256", kid: ours.kid, typ: "at+jwt" })
          .setIssuer("shop")
          .setAudience("shop")
          .setSubject(userId)
          .setJti(sessionId)
          .sign(ours.key),
    ],
    ["is not valid yet", () => make().setNotBefore("5m").sign(ours.key)],
    ["is for another audience", () => make().setAudience("other").sign(ours.key)],
    ["comes from another issuer", () => make().setIssuer("other").sign(ours.key)],
    ["names a session that never was", () => make().setJti(randomUUID()).sign(ours.key)],
    ["names somebody else's session", () => make().setSubject(randomUUID()).sign(ours.key)],
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
