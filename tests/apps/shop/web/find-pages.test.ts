import assert from "node:assert/strict";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";

describe("the pages for finding something", () => {
  let shop: TestShop;
  before(async () => (shop = await openShop()));
  after(() => shop.close());

  const get = async (url: string): Promise<{ status: number; body: string; ids: string[] }> => {
    const { statusCode: status, body } = await shop.app.inject(url);
    return { status, body, ids: [...body.matchAll(/href="\/products\/([a-z-]+)"/g)].map(([, id = ""]) => id) };
  };

  it("lead from the shop to a category and back", async () => {
    const { body } = await get("/");
    assert.match(body, /<nav aria-label="Categories"/);
    assert.match(body, /<a href="\/categories\/jugs">Jugs<\/a>/);
    const jugs = await get("/categories/jugs");
    assert.deepEqual(jugs.ids, ["harbour-pitcher", "saffron-creamer"]);
    assert.match(jugs.body, /<h1>Jugs<\/h1>/);
    assert.match(jugs.body, /<a href="\/categories\/jugs" aria-current="page">Jugs<\/a>/);
    assert.match((await get("/products/saffron-creamer")).body, /<a href="\/categories\/jugs">Jugs<\/a>/);
  });

  it("find what is not spelt quite right", async () => {
    const { body, ids } = await get("/search?q=teepot");
    assert.deepEqual(ids.slice(0, 2), ["ember-teapot", "quiet-teapot"]);
    assert.match(body, /<input id="q" name="q" type="search" maxlength="100" value="teepot">/);
  });

  it("say that nothing fits", async () => {
    assert.match((await get("/search?q=bicycle")).body, /role="status">There is nothing that fits\./);
    const empty = await get("/search");
    assert.equal(empty.status, 200);
    assert.ok(!empty.body.includes("nothing that fits"));
  });

  it("show what was typed as text, never as markup", async () => {
    const { body } = await get(`/search?q=${encodeURIComponent(`"><script>alert(1)</script>`)}`);
    assert.ok(!body.includes("<script"));
    assert.match(body, /value="&quot;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;"/);
  });

  it("say what is wrong with what was typed", async () => {
    const { body, status } = await get(`/search?q=${"x".repeat(101)}`);
    assert.equal(status, 422);
    assert.match(body, /aria-invalid="true" aria-describedby="q-fault">.*id="q-fault">Use at most 100 characters\.</s);
  });

  it("lead on to more, of a category and of what was found", async () => {
    await query(
      shop.databaseUrl,
      `INSERT INTO catalog.products (id, name, kind, summary, description, price_cents, stock, category)
       SELECT 'walrus-mug-' || chr(96 + i / 26) || chr(97 + i % 26), 'Walrus Mug', 'Mugs', '', '', 100, 1, 'mugs' FROM generate_series(26, 75) AS i`,
    );
    for (const start of ["/categories/mugs", "/search?q=walrus"]) {
      const seen = new Set<string>();
      let pages = 0;
      for (let url: string | undefined = start; url !== undefined; pages += 1) {
        const { body, ids } = await get(url);
        for (const id of ids) seen.add(id);
        url = /<a class="button" href="([^"]+)" rel="next">/.exec(body)?.[1]?.replaceAll("&amp;", "&");
      }
      assert.deepEqual([pages, [...seen].filter((id) => id.startsWith("walrus")).length], [3, 50], start);
    }
  });

  for (const [url, status] of [
    ["/categories/none", 404],
    ["/categories/%00", 404],
    ["/categories/mugs?after=x", 400],
    ["/search?q=mug&after=x", 400],
    ["/search?q=mug&category=../x", 400],
    ["/search?q=a&q=b", 400],
  ] as const)
    it(`answer ${url} with ${status}`, async () => {
      assert.equal((await get(url)).status, status);
    });
});
