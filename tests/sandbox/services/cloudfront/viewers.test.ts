import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "../../../../sandbox/src/core/values.ts";
import { ALL_VIEWER, behaviorInputs, cachePolicyInputs, CdnFixture, customOrigin, DISABLED, type } from "./support.ts";

const METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"];

describe("requests to CloudFront", () => {
  let cdn: CdnFixture;
  beforeEach(async () => {
    cdn = await CdnFixture.start();
  });
  afterEach(() => cdn.end());

  it("may come over TLS, with a certificate of the sandbox's own authority for the distribution's names", async () => {
    const row = await cdn.distribution();
    const servername = text(row.outputs, "domainName");
    const { port } = cdn.cloud.addresses.resolve(`${servername}:443`) ?? {};
    const ca = readFileSync(cdn.cloud.trust.caFile());
    const asking = request({ host: "127.0.0.1", port, servername, ca, agent: false, headers: { host: servername } }).end();
    const [response] = (await once(asking, "response")) as [IncomingMessage];
    assert.deepEqual([response.statusCode, response.headers["x-cache"]], [200, "Miss from cloudfront"]);
    response.destroy();
  });

  it("are sent on to HTTPS, refused, or answered over HTTP, as their behaviour says", async () => {
    const row = await cdn.distribution({
      orderedCacheBehaviors: [
        behaviorInputs({ pathPattern: "/open/*", viewerProtocolPolicy: "allow-all" }),
        behaviorInputs({ pathPattern: "/strict/*", viewerProtocolPolicy: "https-only" }),
      ],
    });
    const redirect = await cdn.get(row, "/a?b=c", { port: 80 });
    assert.deepEqual(
      [redirect.status, redirect.cache, redirect.headers.location],
      [301, "Redirect", `https://${text(row.outputs, "domainName")}/a?b=c`],
    );
    assert.equal((await cdn.get(row, "/open/a", { port: 80 })).status, 200);
    assert.equal((await cdn.get(row, "/strict/a", { port: 80 })).status, 403);
    assert.equal((await cdn.get(row, "/strict/a")).status, 200);
  });

  it("go by the first behaviour whose pattern the path has", async () => {
    const other = customOrigin({ originId: "assets", originPath: "/v2", customHeaders: [{ name: "X-From", value: "assets" }] });
    const row = await cdn.distribution({
      origins: [customOrigin(), other],
      orderedCacheBehaviors: [
        behaviorInputs({ pathPattern: "*.css", targetOriginId: "assets" }),
        behaviorInputs({ pathPattern: "images/?.png", targetOriginId: "assets" }),
      ],
    });
    for (const path of ["/style/a.css", "/images/1.png", "/images/10.png", "/"]) await cdn.get(row, path);
    assert.deepEqual(
      cdn.origin.asked.map(({ headers, url }) => [url, headers["x-from"]]),
      [
        ["/v2/style/a.css", "assets"],
        ["/v2/images/1.png", "assets"],
        ["/images/10.png", undefined],
        ["/", undefined],
      ],
    );
  });

  it("reach the origin with its secret, whatever the client says, and with what CloudFront tells of the client", async () => {
    const row = await cdn.distribution({
      origins: [customOrigin({ customHeaders: [{ name: "X-Origin-Secret", value: "right" }] })],
    });
    const headers = { "x-origin-secret": "guessed", "x-forwarded-for": "203.0.113.7", cookie: "a=1", "user-agent": "me" };
    await cdn.get(row, "/a?b=c", { headers });
    const [asked] = cdn.origin.asked;
    assert.equal(asked?.url, "/a");
    const { "x-amz-cf-id": id, via, "accept-encoding": _encoding, connection: _connection, ...others } = asked.headers;
    assert.match(String(id), /==$/);
    assert.match(String(via), /^1\.1 d[a-z0-9]{13}\.cloudfront\.net \(CloudFront\)$/);
    assert.deepEqual(others, {
      host: "origin.example.com",
      "user-agent": "Amazon CloudFront",
      "x-forwarded-for": "203.0.113.7, 127.0.0.1",
      "x-origin-secret": "right",
    });
  });

  it("reach the origin as they are where its request policy takes all of the viewer, the body too", async () => {
    const row = await cdn.distribution(
      {},
      { allowedMethods: METHODS, cachePolicyId: DISABLED, originRequestPolicyId: ALL_VIEWER },
    );
    const headers = { cookie: "a=1", "x-custom": "1", "content-type": "application/json", range: "bytes=0-1" };
    const got = await cdn.get(row, "/orders?x=1", { method: "POST", headers, body: '{"a":1}' });
    assert.deepEqual([got.status, got.cache], [200, "Miss"]);
    const [asked] = cdn.origin.asked;
    assert.deepEqual(
      [asked?.method, asked?.url, asked?.body, asked?.headers.host, asked?.headers.cookie, asked?.headers["x-custom"]],
      ["POST", "/orders?x=1", '{"a":1}', row.outputs["domainName"], "a=1", "1"],
    );
    assert.equal(asked?.headers.range, "bytes=0-1");
    assert.deepEqual(await cdn.caches(row, "/a", "/a"), ["Miss", "Miss"]);
  });

  it("are refused with a method that the behaviour does not allow", async () => {
    const row = await cdn.distribution();
    const { body, status } = await cdn.get(row, "/a", { method: "DELETE" });
    assert.equal(status, 403);
    assert.match(body.toString(), /not configured to allow the HTTP request method/);
    assert.deepEqual(cdn.origin.asked, []);
  });

  it("are refused under a name that is not the distribution's", async () => {
    const row = await cdn.distribution();
    assert.equal((await cdn.get(row, "/", { headers: { host: "other.example.com" } })).status, 403);
    assert.equal((await cdn.get(row, "/", { headers: { host: "127.0.0.1:8080" } })).status, 200);
  });

  it("for the root get the root object", async () => {
    const row = await cdn.distribution({ defaultRootObject: "index.html" });
    await cdn.get(row, "/");
    await cdn.get(row, "/sub/");
    assert.deepEqual(
      cdn.origin.asked.map(({ url }) => url),
      ["/index.html", "/sub/"],
    );
  });

  it("get the page that stands for an error, with its status, also while the origin is down", async () => {
    cdn.origin.answer = ({ url }, response) => {
      if (url === "/sorry.html") response.writeHead(200, { "cache-control": "max-age=600" }).end("sorry");
      else response.writeHead(url === "/missing" ? 404 : 500).end("raw error");
    };
    const row = await cdn.distribution({
      customErrorResponses: [
        { errorCode: 404, responseCode: 200, responsePagePath: "/sorry.html", errorCachingMinTtl: 5 },
        { errorCode: 502, responseCode: 503, responsePagePath: "/sorry.html", errorCachingMinTtl: 5 },
      ],
    });
    const missing = await cdn.get(row, "/missing");
    assert.deepEqual([missing.status, missing.cache, missing.body.toString()], [200, "Error", "sorry"]);
    assert.deepEqual((await cdn.get(row, "/broken")).body.toString(), "raw error");
    await cdn.origin.close();
    const down = await cdn.get(row, "/other");
    assert.deepEqual([down.status, down.body.toString()], [503, "sorry"]);
    await cdn.origin.open(cdn.originPort);
  });

  it("get 502 where the origin cannot be reached or is nothing here, and 504 where it takes too long", async () => {
    const config = { httpPort: 80, httpsPort: 443, originProtocolPolicy: "http-only", originSslProtocols: ["TLSv1.2"] };
    const slow = { customOriginConfig: { ...config, originReadTimeout: 1 } };
    const row = await cdn.distribution({
      origins: [customOrigin(slow), customOrigin({ originId: "unknown", domainName: "unknown.example.com" })],
      orderedCacheBehaviors: [behaviorInputs({ pathPattern: "/unknown", targetOriginId: "unknown" })],
    });
    cdn.origin.answer = () => undefined;
    const late = await cdn.get(row, "/a");
    assert.deepEqual([late.status, late.cache], [504, "Error"]);
    assert.match(late.body.toString(), /Generated by cloudfront \(CloudFront\)/);
    assert.equal((await cdn.get(row, "/unknown")).status, 502);
    await cdn.origin.close();
    assert.equal((await cdn.get(row, "/b")).status, 502);
    await cdn.origin.open(cdn.originPort);
  });

  it("go to the second origin of a group when the first answers so, or not at all", async () => {
    cdn.origin.answer = ({ headers }, response) => {
      const isSecond = headers["x-origin"] === "second";
      response.writeHead(isSecond ? 200 : 503).end(isSecond ? "second" : "first");
    };
    const second = customOrigin({ originId: "second", customHeaders: [{ name: "x-origin", value: "second" }] });
    const nobody = customOrigin({ originId: "nobody", domainName: "nobody.example.com" });
    const group = (originId: string, first: string, ...statusCodes: number[]) => ({
      ...{ originId, failoverCriteria: { statusCodes } },
      members: [{ originId: first }, { originId: "second" }],
    });
    const row = await cdn.distribution({
      origins: [customOrigin(), second, nobody],
      originGroups: [group("busy", "app", 503), group("gone", "nobody", 500), group("other", "app", 500)],
      orderedCacheBehaviors: ["busy", "gone", "other"].map((id) => behaviorInputs({ pathPattern: `/${id}`, targetOriginId: id })),
    });
    const bodies = await Promise.all(
      ["/busy", "/gone", "/other"].map(async (path) => (await cdn.get(row, path)).body.toString()),
    );
    assert.deepEqual(bodies, ["second", "second", "first"]);
  });

  it("get the headers that a policy adds, and not those that it takes away", async () => {
    cdn.origin.says("page", { "x-powered-by": "shop", "x-frame-options": "SAMEORIGIN", "cache-control": "max-age=60" });
    const policy = await cdn.stack.create(type.headersPolicy, "headers", {
      name: "headers",
      securityHeadersConfig: {
        frameOptions: { frameOption: "DENY", override: false },
        strictTransportSecurity: { accessControlMaxAgeSec: 63_072_000, includeSubdomains: true, preload: true, override: true },
        contentTypeOptions: { override: true },
      },
      customHeadersConfig: { items: [{ header: "X-Region", value: "eu", override: true }] },
      removeHeadersConfig: { items: [{ header: "X-Powered-By" }] },
      corsConfig: {
        accessControlAllowCredentials: false,
        accessControlAllowHeaders: { items: ["*"] },
        accessControlAllowMethods: { items: ["GET"] },
        accessControlAllowOrigins: { items: ["https://*.example.com"] },
        originOverride: true,
      },
    });
    const row = await cdn.distribution({}, { responseHeadersPolicyId: policy.id });
    const from = async (origin: string) => (await cdn.get(row, "/a", { headers: { origin } })).headers;
    const headers = await from("https://shop.example.com");
    const names = [
      "x-frame-options",
      "strict-transport-security",
      "x-content-type-options",
      "x-region",
      "x-powered-by",
      "access-control-allow-origin",
    ];
    assert.deepEqual(
      names.map((name) => headers[name]),
      ["SAMEORIGIN", "max-age=63072000; includeSubDomains; preload", "nosniff", "eu", undefined, "https://shop.example.com"],
    );
    assert.equal((await from("https://evil.example.org"))["access-control-allow-origin"], undefined);
  });

  it("go by a policy as it is now, and nowhere once the distribution is switched off", async () => {
    cdn.origin.says("page");
    const policy = await cdn.stack.create(type.cachePolicy, "policy", cachePolicyInputs());
    const row = await cdn.distribution({}, { cachePolicyId: policy.id });
    assert.deepEqual(await cdn.caches(row, "/a?v=1", "/a?v=2"), ["Miss", "Hit"]);
    const queryStringsConfig = { queryStringBehavior: "all" };
    await cdn.stack.update(policy, "policy", cachePolicyInputs({}, { queryStringsConfig }));
    assert.deepEqual(await cdn.caches(row, "/a?v=1", "/a?v=2", "/a?v=2"), ["Miss", "Miss", "Hit"]);
    await cdn.stack.update(row, "cdn", { ...row.inputs, enabled: false });
    await assert.rejects(cdn.get(row, "/a"), /nothing answers at d[a-z0-9]{13}\.cloudfront\.net:443/);
  });
});
