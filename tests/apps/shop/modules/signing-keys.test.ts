import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { createSigningKeys, type SigningKeys } from "../../../../apps/shop/src/modules/auth/signing-keys.ts";
import { createTokens } from "../../../../apps/shop/src/modules/auth/tokens.ts";
import type { Database } from "../../../../apps/shop/src/platform/database/database.ts";
import { newCustomer } from "../support/customer.ts";
import { databaseAt, migratedDatabase, query } from "../support/postgres.ts";
import { openShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

const CLAIMS = { userId: "0192f0c1-7b2e-7000-8000-000000000001", sessionId: "0192f0c1-7b2e-7000-8000-000000000002" };

describe("the keys that sign tokens", () => {
  let url: string;
  let database: Database;
  beforeEach(async () => {
    url = await migratedDatabase();
    database = databaseAt(url);
  });
  afterEach(() => database.close());

  /** The keys as a process that has just started sees them. */
  const keysOf = (secret = 1): SigningKeys =>
    createSigningKeys({ database, wrappingKey: () => Buffer.alloc(32, secret), tokenSeconds: 900 });
  const names = async (): Promise<unknown[]> =>
    (await query(url, "SELECT id FROM auth.signing_keys ORDER BY signs_from")).map(({ id }) => id);
  const inAnHour = (): Date => new Date(Date.now() + 3_600_000);
  const age = (days: number): Promise<unknown> =>
    query(url, "UPDATE auth.signing_keys SET signs_from = signs_from - make_interval(secs => $1 * 86400.0)", [days]);

  it("are made once, however many processes need the first one", async () => {
    const signers = await Promise.all(Array.from({ length: 8 }, () => keysOf().signer()));
    assert.deepEqual([...new Set(signers.map(({ kid }) => kid))], await names());
    assert.equal((await names()).length, 1);
  });

  it("are published without their private halves, and kept only encrypted", async () => {
    const { kid } = await keysOf().signer();
    const [key, ...others] = (await keysOf().published()).keys;
    assert.deepEqual(others, []);
    const { x, y, ...rest } = key ?? {};
    assert.deepEqual(rest, { kty: "EC", crv: "P-256", kid, alg: "ES256", use: "sig" });
    for (const coordinate of [x, y]) assert.match(String(coordinate), /^[\w-]{43}$/);
    const [row] = await query(url, "SELECT private_key FROM auth.signing_keys");
    assert.ok(!(row?.["private_key"] as Buffer).includes('"d"'));
  });

  it("give way to the next after thirty days, which is published an hour before it signs", async () => {
    const first = (await keysOf().signer()).kid;
    await age(29.9);
    await keysOf().rotate();
    assert.deepEqual(await names(), [first]);
    await age(0.2);
    // Two processes at once add one key.
    await Promise.all([keysOf().rotate(), keysOf().rotate()]);
    const [, second, ...more] = await names();
    assert.deepEqual(more, []);
    assert.deepEqual((await keysOf().published()).keys.map(({ kid }) => kid).toSorted(), [first, second].toSorted());
    assert.equal((await keysOf().signer()).kid, first);
    await age(1 / 24 + 0.001);
    assert.equal((await keysOf().signer()).kid, second);
  });

  it("verify what they have signed until it has expired, and are gone then", async () => {
    const token = await createTokens(keysOf()).sign(CLAIMS, inAnHour());
    await age(31);
    await keysOf().rotate();
    await age(1 / 24 + 0.001);
    // Signed by the next key now; the token of the last one still holds.
    const other = await createTokens(keysOf()).sign(CLAIMS, inAnHour());
    assert.notEqual(decodeProtectedHeader(other).kid, decodeProtectedHeader(token).kid);
    await keysOf().rotate();
    for (const either of [token, other]) assert.deepEqual(await createTokens(keysOf()).verify(either), CLAIMS);
    await age(2 / 24);
    await keysOf().rotate();
    assert.equal((await names()).length, 1);
    assert.equal(await createTokens(keysOf()).verify(token), undefined);
  });

  it("are found by a process that read the table before they came", async () => {
    const running = createTokens(keysOf());
    await running.sign(CLAIMS, inAnHour());
    await query(url, "UPDATE auth.signing_keys SET signs_from = signs_from - interval '40 days'");
    await keysOf().rotate();
    await query(url, "UPDATE auth.signing_keys SET signs_from = now() WHERE signs_from > now()");
    const token = await createTokens(keysOf()).sign(CLAIMS, inAnHour());
    // For keys that it does not know it reads the table at most once a second.
    await until(async () => (await running.verify(token)) !== undefined);
    assert.deepEqual(await running.verify(token), CLAIMS);
  });

  it("are made anew when the product's secret is another", async () => {
    const before = await keysOf(1).signer();
    const after = await keysOf(2).signer();
    assert.notEqual(after.kid, before.kid);
    // Those who were logged in stay so.
    const token = await createTokens({ ...keysOf(1), signer: () => Promise.resolve(before) }).sign(CLAIMS, inAnHour());
    assert.deepEqual(await createTokens(keysOf(2)).verify(token), CLAIMS);
  });

  it("let anybody verify a token who has fetched them", async () => {
    const shop = await openShop({ databaseUrl: url });
    const { token } = await newCustomer(shop.app);
    const answer = await shop.app.inject("/.well-known/jwks.json");
    assert.deepEqual(
      [answer.statusCode, answer.headers["content-type"], answer.headers["cache-control"]],
      [200, "application/jwk-set+json; charset=utf-8", "public, max-age=300"],
    );
    const server = createServer((_request, response) => response.end(answer.body)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
    const { payload } = await jwtVerify(token, keys, { issuer: "shop", audience: "shop", typ: "at+jwt" });
    assert.deepEqual(Object.keys(payload).toSorted(), ["aud", "exp", "iat", "iss", "jti", "sub"]);
    server.close();
    await shop.close();
  });
});
