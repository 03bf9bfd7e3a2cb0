import assert from "node:assert/strict";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";

interface Page {
  readonly items: { readonly id: string; readonly name: string }[];
  readonly next: string | null;
}

describe("the API of products", () => {
  let shop: TestShop;
  before(async () => (shop = await openShop()));
  after(() => shop.close());

  const page = async (search = ""): Promise<Page> => (await shop.app.inject(`/api/products${search}`)).json<Page>();

  it("gives a product", async () => {
    const response = await shop.app.inject("/api/products/oat-mug");
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers["content-type"], "application/json; charset=utf-8");
    assert.deepEqual(response.json(), {
      id: "oat-mug",
      name: "Oat Mug",
      kind: "Mugs",
      summary: "A speckled mug with a handle for three fingers.",
      description:
        "Thrown from a buff stoneware with iron specks that come through the oat glaze. Holds 320 ml, keeps its heat, and fits under most coffee machines.",
      price: { cents: 2600, currency: "EUR" },
      stock: 480,
      category: "mugs",
      lowestPrice: { cents: 2600, currency: "EUR" },
    });
  });

  it("gives the whole first collection on one page, by name", async () => {
    const { items, next } = await page();
    assert.equal(items.length, 24);
    assert.equal(next, null);
    const names = items.map(({ name }) => name);
    assert.deepEqual(names, names.toSorted());
    assert.deepEqual(names.slice(0, 2), ["Chalk Candlestick", "Chalk Dinner Plate"]);
  });

  it("leads through all products page by page, none twice and none left out", async () => {
    const seen: string[] = [];
    let search = "?limit=7";
    for (let pages = 1; ; pages += 1) {
      const { items, next } = await page(search);
      seen.push(...items.map(({ id }) => id));
      if (next === null) {
        assert.equal(pages, 4);
        break;
      }
      search = `?limit=7&after=${next}`;
    }
    assert.deepEqual(
      seen,
      (await page()).items.map(({ id }) => id),
    );
  });

  it("tells products of one name apart by their ids, also across pages", async () => {
    await query(
      shop.databaseUrl,
      `INSERT INTO catalog.products (id, name, kind, summary, description, price_cents, stock)
       SELECT 'twin-' || n, 'Zwilling', 'Test', '', '', 100, 1 FROM generate_series(1, 3) AS n`,
    );
    const first = await page("?limit=25");
    assert.equal(first.items.at(-1)?.id, "twin-1");
    assert.deepEqual(
      (await page(`?limit=25&after=${first.next ?? ""}`)).items.map(({ id }) => id),
      ["twin-2", "twin-3"],
    );
    await query(shop.databaseUrl, "DELETE FROM catalog.products WHERE name = 'Zwilling'");
  });

  it("may be kept for half a minute by anybody, and is sent again only when it has changed", async () => {
    const first = await shop.app.inject("/api/products/oat-mug");
    assert.equal(first.headers["cache-control"], "public, max-age=30, stale-while-revalidate=60");
    const { etag } = first.headers;
    assert.match(String(etag), /^"[\w-]{27}"$/);
    for (const tag of [String(etag), `W/${String(etag)}`, `"other", ${String(etag)}`, "*"]) {
      const again = await shop.app.inject({ url: "/api/products/oat-mug", headers: { "if-none-match": tag } });
      assert.equal(again.statusCode, 304, tag);
      assert.equal(again.body, "");
    }
    const changed = await shop.app.inject({ url: "/api/products/oat-mug", headers: { "if-none-match": '"other"' } });
    assert.equal(changed.statusCode, 200);
  });

  it("says that there is no such product", async () => {
    for (const id of [
      "none",
      "OAT-MUG",
      "oat-mug%00",
      "%F0%9F%8F%BA",
      "..%2f..%2fetc%2fpasswd",
      "a'; DROP TABLE catalog.products; --",
    ]) {
      const response = await shop.app.inject(`/api/products/${id}`);
      assert.equal(response.statusCode, 404, id);
      assert.equal(response.headers["content-type"], "application/problem+json; charset=utf-8");
      const { trace_id, ...problem } = response.json<Record<string, unknown>>();
      assert.match(String(trace_id), /^[0-9a-f]{32}$/);
      assert.deepEqual(problem, { type: "urn:problem:shop:not-found", title: "There is no such product.", status: 404 });
    }
  });

  for (const [search, path, message] of [
    ["?limit=0", "limit", "Too small: expected number to be >=1"],
    ["?limit=101", "limit", "Too big: expected number to be <=100"],
    ["?limit=1.5", "limit", "Invalid input: expected int, received number"],
    ["?limit=ten", "limit", "Invalid input: expected number, received NaN"],
    ["?limit=1&limit=2", "limit", "Invalid input: expected number, received NaN"],
    ["?after=1&after=2", "after", "Invalid input: expected string, received array"],
    ["?after=", "after", "Use the value of `next` from the page before."],
    ["?after=bm9uc2Vuc2U", "after", "Use the value of `next` from the page before."],
    [`?after=${Buffer.from('["a\\u0000","b"]').toString("base64url")}`, "after", "Use the value of `next` from the page before."],
    [`?after=${Buffer.from('["a","b","c"]').toString("base64url")}`, "after", "Use the value of `next` from the page before."],
    [`?after=${"A".repeat(401)}`, "after", "Too big: expected string to have <=400 characters"],
  ] as const)
    it(`refuses ${search.slice(0, 40)}`, async () => {
      const response = await shop.app.inject(`/api/products${search}`);
      assert.equal(response.statusCode, 400);
      const { errors, title, type } = response.json<Record<string, unknown>>();
      assert.equal(type, "urn:problem:shop:invalid-request");
      assert.equal(title, "The request is not valid.");
      assert.deepEqual(errors, [{ path, message }]);
    });
});
