import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { cloudfrontApi } from "../../../../sandbox/src/services/cloudfront/api.ts";
import { cloudfrontDefinitions } from "../../../../sandbox/src/services/cloudfront/index.ts";
import { closeEdges } from "../../../../sandbox/src/services/cloudfront/edges.ts";
import { apiCloud, type ApiCloud, type ClientConfig } from "../../support/api.ts";
import { type RawAnswer, sendSigned } from "../../support/signed.ts";
import { cachesOf, distributionInputs, TestOrigin, type } from "./support.ts";

describe("invalidations of CloudFront", () => {
  let api: ApiCloud;
  let row: Resource;
  const origin = new TestOrigin();
  beforeEach(async () => {
    api = await apiCloud({ json: {}, query: {}, rest: { cloudfront: cloudfrontApi } }, { definitions: cloudfrontDefinitions });
    api.cloud.addresses.set("origin.example.com:80", { host: "127.0.0.1", port: await origin.open() });
    origin.asked.length = 0;
    origin.says("page", { "cache-control": "max-age=600" });
    row = await api.stack.create(type.distribution, "cdn", distributionInputs());
  });
  afterEach(async () => {
    await closeEdges(api.cloud);
    await origin.close();
    await api.end();
  });

  const caches = (...paths: string[]): Promise<string[]> => cachesOf(api.cloud, row, ...paths);
  const call = (method: string, ending = "", body?: string, config: ClientConfig = api.operator): Promise<RawAnswer> =>
    sendSigned(
      { ...config, region: "us-east-1" },
      {
        ...{ method, service: "cloudfront", path: `/2020-05-31/distribution/${row.id}/invalidation${ending}` },
        ...(body !== undefined && { body: [body] }),
      },
    );
  const invalidate = (reference: string, paths: readonly string[], config?: ClientConfig): Promise<RawAnswer> => {
    const items = paths.map((path) => `<Path>${path}</Path>`).join("");
    const batch = `<Paths><Quantity>${String(paths.length)}</Quantity><Items>${items}</Items></Paths><CallerReference>${reference}</CallerReference>`;
    return call(
      "POST",
      "",
      `<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">${batch}</InvalidationBatch>`,
      config,
    );
  };

  it("let go of the paths that they name, and of nothing else", async () => {
    await caches("/a.css", "/img/1.png", "/img/2.png", "/b.css");
    const made = await invalidate("one", ["/a.css", "/img/*"]);
    assert.equal(made.status, 201);
    assert.match(made.body, /<Id>I[A-Z0-9]{13}<\/Id><Status>InProgress<\/Status>/);
    assert.match(made.body, /<Quantity>2<\/Quantity><Items><Path>\/a\.css<\/Path><Path>\/img\/\*<\/Path><\/Items>/);
    assert.deepEqual(await caches("/a.css", "/img/1.png", "/img/2.png", "/b.css"), ["Miss", "Miss", "Miss", "Hit"]);
  });

  it("are found again, and made once for one reference", async () => {
    const made = await invalidate("one", ["/*"]);
    const [, id = ""] = /<Id>(.+?)<\/Id>/.exec(made.body) ?? [];
    assert.equal((await invalidate("one", ["/*"])).body, made.body);
    assert.equal((await invalidate("one", ["/a"])).code, "InvalidArgument");
    assert.match((await call("GET", `/${id}`)).body, /<Status>Completed<\/Status>/);
    assert.match((await call("GET")).body, /<Quantity>1<\/Quantity>/);
    assert.equal((await call("GET", "/I0")).code, "NoSuchInvalidation");
  });

  for (const [paths, code] of [
    [[], "InvalidArgument"],
    [["a.css"], "InvalidArgument"],
    [["/*/a.css"], "InvalidArgument"],
    [Array.from({ length: 16 }, (_, index) => `/${String(index)}/*`), "TooManyInvalidationsInProgress"],
  ] as const) {
    it(`refuse ${String(paths.length)} paths such as ${paths[0] ?? "none"}`, async () => {
      assert.equal((await invalidate("one", paths)).code, code);
    });
  }

  it("want a role that may make them, and a distribution that is there", async () => {
    const resource = `arn:aws:cloudfront::123456789012:distribution/${row.id}`;
    const denied = await invalidate("one", ["/*"], await api.roleWith("app"));
    assert.deepEqual([denied.status, denied.code], [403, "AccessDenied"]);
    assert.match(denied.body, /is not authorized to perform: cloudfront:CreateInvalidation on resource: /);
    const allowed = await api.roleWith("deployer", { Action: "cloudfront:CreateInvalidation", Resource: resource });
    assert.equal((await invalidate("one", ["/*"], allowed)).status, 201);
    await api.stack.delete(row);
    assert.equal((await invalidate("two", ["/*"])).code, "NoSuchDistribution");
  });

  it("are what the sandbox serves of the API, and it says so", async () => {
    const { body, code } = await call("PUT");
    assert.equal(code, "NotImplemented");
    assert.match(body, /The sandbox serves CreateInvalidation, GetInvalidation and ListInvalidations/);
  });
});
