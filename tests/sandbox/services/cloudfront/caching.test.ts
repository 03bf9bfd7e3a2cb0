import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { CdnFixture, cachePolicyInputs, type } from "./support.ts";

describe("the cache of CloudFront", () => {
  let cdn: CdnFixture;
  beforeEach(async () => {
    cdn = await CdnFixture.start();
  });
  afterEach(() => cdn.end());

  const seconds = (count: number): void => {
    cdn.cloud.pass(count * 1000);
  };
  /** A distribution with a cache policy of its own. */
  const withPolicy = async (inputs: Props = {}, parameters: Props = {}, behavior: Props = {}): Promise<Resource> => {
    const policy = await cdn.stack.create(type.cachePolicy, "policy", cachePolicyInputs(inputs, parameters));
    return cdn.distribution({}, { cachePolicyId: policy.id, ...behavior });
  };

  it("keeps an answer for as long as s-maxage says, and tells how old it is", async () => {
    cdn.origin.says("page", { "cache-control": "public, max-age=5, s-maxage=60" });
    const row = await withPolicy();
    const first = await cdn.get(row, "/a");
    assert.deepEqual([first.cache, first.headers.age, first.body.toString()], ["Miss", undefined, "page"]);
    seconds(59);
    const second = await cdn.get(row, "/a");
    assert.deepEqual([second.cache, second.headers.age, second.body.toString()], ["Hit", "59", "page"]);
    seconds(1);
    assert.equal((await cdn.get(row, "/a")).cache, "Miss");
    assert.equal(cdn.origin.asked.length, 2);
    assert.match(String(first.headers.via), /^1\.1 d[a-z0-9]{13}\.cloudfront\.net \(CloudFront\)$/);
    assert.match(String(first.headers["x-amz-cf-id"]), /^[\w-]{50,}==$/);
  });

  for (const [header, times, kept] of [
    ["max-age=7200", { maxTtl: 3600 }, 3600],
    ["max-age=5", { minTtl: 30 }, 30],
    ["", { defaultTtl: 90 }, 90],
    ["no-store", { minTtl: 30 }, 30],
    ["private", { minTtl: 0 }, 0],
    ["no-store", { minTtl: 0 }, 0],
    ["max-age=0", { minTtl: 0 }, 0],
  ] as const) {
    it(`keeps "${header}" for ${String(kept)} s with ${JSON.stringify(times)}`, async () => {
      cdn.origin.says("page", header === "" ? {} : { "cache-control": header });
      const row = await withPolicy(times);
      await cdn.get(row, "/a");
      if (kept > 0) {
        seconds(kept - 1);
        assert.equal((await cdn.get(row, "/a")).cache, "Hit");
        seconds(1);
      }
      assert.equal((await cdn.get(row, "/a")).cache, "Miss");
    });
  }

  it("asks whether an old answer is still good, and keeps it where it is", async () => {
    cdn.origin.answer = ({ headers }, response) => {
      const known = headers["if-none-match"] === '"v1"';
      response.writeHead(known ? 304 : 200, { etag: '"v1"', "cache-control": "max-age=10" }).end(known ? undefined : "page");
    };
    const row = await withPolicy();
    await cdn.get(row, "/a");
    seconds(11);
    const refreshed = await cdn.get(row, "/a");
    assert.deepEqual([refreshed.cache, refreshed.status, refreshed.body.toString()], ["RefreshHit", 200, "page"]);
    assert.equal((await cdn.get(row, "/a")).cache, "Hit");
    assert.deepEqual(
      cdn.origin.asked.map(({ headers }) => headers["if-none-match"]),
      [undefined, '"v1"'],
    );
  });

  it("tells a client that it has the answer already", async () => {
    cdn.origin.says("page", { etag: '"v1"', "cache-control": "max-age=60" });
    const row = await withPolicy();
    await cdn.get(row, "/a");
    const again = await cdn.get(row, "/a", { headers: { "if-none-match": '"v0", W/"v1"' } });
    assert.deepEqual([again.status, again.cache, again.body.length], [304, "Hit", 0]);
    assert.equal((await cdn.get(row, "/a", { headers: { "if-none-match": '"v2"' } })).status, 200);
  });

  it("gives ranges of what it keeps", async () => {
    cdn.origin.says("0123456789", { "cache-control": "max-age=60" });
    const row = await withPolicy();
    await cdn.get(row, "/a");
    for (const [range, body, extent] of [
      ["bytes=2-4", "234", "bytes 2-4/10"],
      ["bytes=-3", "789", "bytes 7-9/10"],
      ["bytes=8-", "89", "bytes 8-9/10"],
    ] as const) {
      const got = await cdn.get(row, "/a", { headers: { range } });
      assert.deepEqual([got.status, got.body.toString(), got.headers["content-range"]], [206, body, extent]);
    }
    const beyond = await cdn.get(row, "/a", { headers: { range: "bytes=10-" } });
    assert.deepEqual([beyond.status, beyond.headers["content-range"]], [416, "bytes */10"]);
    assert.equal(cdn.origin.asked.length, 1);
  });

  it("answers HEAD from what it keeps of GET, with its length and no body", async () => {
    cdn.origin.says("page", { "cache-control": "max-age=60" });
    const row = await withPolicy();
    await cdn.get(row, "/a");
    const head = await cdn.get(row, "/a", { method: "HEAD" });
    assert.deepEqual([head.status, head.cache, head.headers["content-length"], head.body.length], [200, "Hit", "4", 0]);
  });

  it("asks the origin once for many who ask at the same time", async () => {
    let release = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      cdn.origin.answer = (_request, response) => {
        release = () => response.writeHead(200, { "cache-control": "max-age=60" }).end("page");
        resolve();
      };
    });
    const row = await withPolicy();
    const all = Promise.all(Array.from({ length: 20 }, () => cdn.get(row, "/a")));
    await asked;
    // The others wait at the edge, or come later and find it: the origin is asked once either way.
    setImmediate(() => {
      release();
    });
    assert.deepEqual(new Set((await all).map(({ body }) => body.toString())), new Set(["page"]));
    assert.equal(cdn.origin.asked.length, 1);
  });

  it("gives the old answer out while it gets a new one, where stale-while-revalidate lets it", async () => {
    let version = 0;
    let arrived = (): void => undefined;
    cdn.origin.answer = (_request, response) => {
      response.writeHead(200, { "cache-control": "max-age=10, stale-while-revalidate=30" }).end(`v${String(++version)}`);
      arrived();
    };
    const row = await withPolicy();
    await cdn.get(row, "/a");
    seconds(20);
    const refreshed = new Promise<void>((resolve) => (arrived = resolve));
    const stale = await cdn.get(row, "/a");
    assert.deepEqual([stale.cache, stale.body.toString()], ["Hit", "v1"]);
    await refreshed;
    for (let body = "v1"; body !== "v2";) body = (await cdn.get(row, "/a")).body.toString();
    assert.equal(version, 2);
  });

  it("gives the old answer out while the origin is down, as long as stale-if-error lets it", async () => {
    cdn.origin.says("page", { "cache-control": "max-age=10, stale-if-error=100" });
    const row = await withPolicy();
    await cdn.get(row, "/a");
    await cdn.origin.close();
    seconds(20);
    const stale = await cdn.get(row, "/a");
    assert.deepEqual([stale.status, stale.cache, stale.body.toString()], [200, "Hit", "page"]);
    seconds(91);
    assert.deepEqual((await cdn.get(row, "/a")).status, 502);
    await cdn.origin.open(cdn.originPort);
    seconds(11);
    assert.equal((await cdn.get(row, "/a")).cache, "Miss");
  });

  it("knows requests by the parameters, headers and cookies that its policy names, and sends the origin no others", async () => {
    const row = await withPolicy(
      {},
      {
        queryStringsConfig: { queryStringBehavior: "whitelist", queryStrings: { items: ["page"] } },
        headersConfig: { headerBehavior: "whitelist", headers: { items: ["Accept-Language"] } },
        cookiesConfig: { cookieBehavior: "whitelist", cookies: { items: ["theme"] } },
      },
    );
    const ask = (path: string, headers: Record<string, string> = {}) =>
      cdn.get(row, path, { headers }).then(({ cache }) => cache);
    assert.equal(await ask("/a?page=1&utm=x", { "accept-language": "de", cookie: "theme=dark; id=7" }), "Miss");
    assert.equal(await ask("/a?utm=y&page=1", { "accept-language": "de", cookie: "id=8; theme=dark" }), "Hit");
    assert.equal(await ask("/a?page=2", { "accept-language": "de", cookie: "theme=dark" }), "Miss");
    assert.equal(await ask("/a?page=1", { "accept-language": "en", cookie: "theme=dark" }), "Miss");
    assert.equal(await ask("/a?page=1", { "accept-language": "de", cookie: "theme=light" }), "Miss");
    const [first] = cdn.origin.asked;
    assert.deepEqual([first?.url, first?.headers.cookie, first?.headers["accept-language"]], ["/a?page=1", "theme=dark", "de"]);
  });

  it("compresses for those who take it, each encoding by itself, and leaves small answers and pictures alone", async () => {
    const page = "0123456789".repeat(200);
    cdn.origin.says(page, { "content-type": "text/html", etag: '"v1"', "cache-control": "max-age=60" });
    const row = await withPolicy({}, { enableAcceptEncodingGzip: true, enableAcceptEncodingBrotli: true });
    const ask = (path: string, encodings: string) => cdn.get(row, path, { headers: { "accept-encoding": encodings } });
    const br = await ask("/a", "gzip, deflate, br");
    assert.deepEqual([br.headers["content-encoding"], br.headers.etag, br.headers.vary], ["br", 'W/"v1"', "Accept-Encoding"]);
    assert.equal(brotliDecompressSync(br.body).toString(), page);
    const gzip = await ask("/a", "gzip");
    assert.deepEqual([gzip.cache, gzip.headers["content-encoding"]], ["Miss", "gzip"]);
    assert.equal(gunzipSync(gzip.body).toString(), page);
    assert.deepEqual([(await ask("/a", "identity")).body.toString(), (await ask("/a", "br;q=0")).cache], [page, "Hit"]);
    cdn.origin.says(page, { "content-type": "image/png", "cache-control": "max-age=60" });
    assert.equal((await ask("/b.png", "br")).headers["content-encoding"], undefined);
    cdn.origin.says("short", { "content-type": "text/html", "cache-control": "max-age=60" });
    assert.equal((await ask("/c", "br")).headers["content-encoding"], undefined);
  });

  it("gives one client's cookies to no other", async () => {
    cdn.origin.says("page", { "cache-control": "max-age=60", "set-cookie": "session=secret" });
    const row = await withPolicy();
    assert.equal((await cdn.get(row, "/a")).headers["set-cookie"], undefined);
  });

  it("keeps errors for ten seconds, or as long as the distribution says", async () => {
    cdn.origin.says("gone", {}, 404);
    const row = await withPolicy();
    assert.deepEqual([(await cdn.get(row, "/a")).cache, (await cdn.get(row, "/a")).cache], ["Error", "Error"]);
    assert.equal(cdn.origin.asked.length, 1);
    seconds(10);
    cdn.origin.says("back", { "cache-control": "max-age=60" });
    assert.deepEqual((await cdn.get(row, "/a")).status, 200);
  });

  it("begins empty where nothing may be kept, and streams what never ends", async () => {
    let response: { write: (text: string) => unknown; end: () => unknown } | undefined;
    cdn.origin.answer = (_request, one) => {
      response = one;
      one.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
    };
    const row = await withPolicy();
    const got = cdn.get(row, "/events");
    for (; response === undefined;) await new Promise((resolve) => setImmediate(resolve));
    response.write("data: 2\n\n");
    response.end();
    const { body, cache } = await got;
    assert.deepEqual([body.toString(), cache], ["data: 1\n\ndata: 2\n\n", "Miss"]);
  });
});
