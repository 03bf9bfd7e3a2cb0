import assert from "node:assert/strict";
import { migratedDatabase, query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";

interface Page {
  readonly items: { readonly id: string; readonly name: string }[];
  readonly next: string | null;
}

describe("finding products", () => {
  let shop: TestShop;
  before(async () => (shop = await openShop()));
  after(() => shop.close());

  const ask = (search: Readonly<Record<string, string>>) =>
    shop.app.inject(`/api/products?${new URLSearchParams(search).toString()}`);
  const page = async (search: Readonly<Record<string, string>>): Promise<Page> => (await ask(search)).json();
  const find = async (q: string, more: Readonly<Record<string, string>> = {}): Promise<string[]> =>
    (await page({ q, ...more })).items.map(({ id }) => id);
  const rows = (text: string, values: unknown[] = []) => query(shop.databaseUrl, text, values);

  describe("by category", () => {
    it("lists the categories in their order", async () => {
      const response = await shop.app.inject("/api/categories");
      assert.equal(response.headers["cache-control"], "public, max-age=30, stale-while-revalidate=60");
      assert.deepEqual(
        response.json<{ items: { id: string; name: string }[] }>().items.map(({ id, name }) => `${id}: ${name}`),
        ["mugs: Mugs", "cups: Cups", "bowls: Bowls", "plates: Plates", "tea: Tea", "jugs: Jugs", "vases: Vases", "home: Home"],
      );
    });

    it("gives the products of one, page by page", async () => {
      const first = await page({ category: "tea", limit: "3" });
      assert.deepEqual(
        first.items.map(({ id }) => id),
        ["ember-teapot", "oat-tea-caddy", "quiet-teapot"],
      );
      const rest = await page({ category: "tea", limit: "3", after: first.next ?? "" });
      assert.deepEqual([rest.items.map(({ id }) => id), rest.next], [["river-tea-bowl"], null]);
      assert.deepEqual(await page({ category: "no-such-category" }), { items: [], next: null });
    });
  });

  describe("by words", () => {
    for (const [what, words, best] of [
      ["a word of the name", "teapot", ["ember-teapot", "quiet-teapot"]],
      ["another form of the word", "teapots", ["ember-teapot", "quiet-teapot"]],
      ["any case", "OAT mUG", ["oat-mug"]],
      ["a wrong letter", "teepot", ["ember-teapot", "quiet-teapot"]],
      ["a missing letter", "candlstick", ["chalk-candlestick"]],
      ["letters that changed places", "candelstick", ["chalk-candlestick"]],
      ["the other spelling", "harbor mug", ["harbour-mug"]],
      ["a word of the description", "peony", ["dusk-bud-vase"]],
      ["words of name and description", "vase bunch", ["fern-vase"]],
    ] as const)
      it(`finds first what fits ${what}`, async () => {
        assert.deepEqual((await find(words)).slice(0, best.length), best);
      });

    for (const words of [
      "bicycle",
      "the",
      "xqzw",
      "'",
      '"',
      "a & | ! ( :*",
      "%",
      "_",
      "\\",
      "'; DROP TABLE catalog.products;--",
      "李",
      "👩🏽‍🚀",
    ])
      it(`finds nothing, and takes no harm, with ${words}`, async () => {
        assert.deepEqual(await page({ q: words }), { items: [], next: null });
      });

    it("finds within a category", async () => {
      assert.deepEqual((await find("oat", { category: "bowls" })).slice(0, 1), ["oat-bowl"]);
      assert.deepEqual(await find("teapot", { category: "bowls" }), []);
    });

    it("leaves out what is excluded, and finds phrases", async () => {
      const without = await find("bowl -salad");
      assert.ok(without.includes("river-bowl"));
      assert.deepEqual(await find('"everyday mornings"'), []);
      assert.deepEqual((await find('"long mornings"')).slice(0, 1), ["fern-mug"]);
    });

    it("leads through all finds page by page, none twice and none left out", async () => {
      const all = await find("bowl");
      assert.ok(all.length >= 5, String(all.length));
      const seen: string[] = [];
      for (let after: string | null = ""; after !== null;) {
        const { items, next }: Page = await page({ q: "bowl", limit: "2", ...(after !== "" && { after }) });
        seen.push(...items.map(({ id }) => id));
        after = next;
      }
      assert.deepEqual(seen, all);
    });

    it("finds a new name as soon as it is there", async () => {
      await rows("UPDATE catalog.products SET name = 'Zephyr Jug' WHERE id = 'harbour-pitcher'");
      assert.deepEqual(await find("zephir"), ["harbour-pitcher"]);
      await rows("UPDATE catalog.products SET name = 'Harbour Pitcher' WHERE id = 'harbour-pitcher'");
    });

    for (const [search, path, message] of [
      [{ q: "" }, "q", "Type what you look for."],
      [{ q: "   " }, "q", "Type what you look for."],
      [{ q: "x".repeat(101) }, "q", "Use at most 100 characters."],
      [{ q: "a\0b" }, "q", "Use letters, digits, spaces and signs only."],
      [{ q: "mug", after: "WyJPYXQgTXVnIiwib2F0LW11ZyJd" }, "after", "Use the value of `next` from the page before."],
      [{ q: "mug", sort: "popular" }, "sort", "The popular ones are of all categories, and not searched."],
      [{ category: "../x" }, "category", "This is no id of a product."],
    ] as const)
      it(`refuses ${JSON.stringify(search).slice(0, 40)}`, async () => {
        const response = await ask(search);
        assert.equal(response.statusCode, 400);
        assert.deepEqual(response.json<{ errors: unknown }>().errors, [{ path, message }]);
      });
  });

  describe("what they cost before", () => {
    interface Prices {
      readonly items: { readonly since: string; readonly price: { readonly cents: number } }[];
    }
    const prices = async (id: string): Promise<number[]> =>
      (await shop.app.inject(`/api/products/${id}/prices`)).json<Prices>().items.map(({ price }) => price.cents);
    const lowest = async (id: string): Promise<number> =>
      (await shop.app.inject(`/api/products/${id}`)).json<{ lowestPrice: { cents: number } }>().lowestPrice.cents;
    const setPrice = (id: string, cents: number): Promise<unknown> =>
      rows("UPDATE catalog.products SET price_cents = $2 WHERE id = $1", [id, cents]);
    const age = (id: string, days: number): Promise<unknown> =>
      rows("UPDATE catalog.prices SET since = since - make_interval(days => $2) WHERE product_id = $1", [id, days]);

    it("is remembered by the database itself, whoever changes a price", async () => {
      for (const cents of [3000, 3000, 2000, 2500]) await setPrice("fern-mug", cents);
      assert.deepEqual(await prices("fern-mug"), [2500, 2000, 3000, 2900]);
      await rows(
        `INSERT INTO catalog.products (id, name, kind, summary, description, price_cents, stock) VALUES ('new-mug', 'New', 'Mugs', '', '', 700, 1)`,
      );
      assert.deepEqual(await prices("new-mug"), [700]);
    });

    it("is not touched by an order, and counts once in a transaction", async () => {
      await rows("UPDATE catalog.products SET stock = stock - 1 WHERE id = 'oat-bowl'");
      assert.deepEqual(await prices("oat-bowl"), [2700]);
      await rows(
        "DO $$ BEGIN UPDATE catalog.products SET price_cents = 1 WHERE id = 'oat-bowl'; UPDATE catalog.products SET price_cents = 2600 WHERE id = 'oat-bowl'; END $$",
      );
      assert.deepEqual(await prices("oat-bowl"), [2600, 2700]);
    });

    it("tells the lowest price of thirty days, with the one that held when they began", async () => {
      await setPrice("river-bowl", 2000);
      await age("river-bowl", 20);
      await setPrice("river-bowl", 2800);
      assert.equal(await lowest("river-bowl"), 2000);
      await age("river-bowl", 15);
      // It held until fifteen days ago.
      assert.equal(await lowest("river-bowl"), 2000);
      await age("river-bowl", 16);
      assert.equal(await lowest("river-bowl"), 2800);
      const page = (await shop.app.inject("/products/river-bowl")).body;
      assert.ok(!page.includes("Lowest price"));
    });

    it("stands on the page when it was lower", async () => {
      await setPrice("dusk-tumbler", 1900);
      await setPrice("dusk-tumbler", 2100);
      assert.match((await shop.app.inject("/products/dusk-tumbler")).body, /Lowest price of the last 30 days: &#8364;19\.00</);
    });

    for (const id of ["no-such-piece", "NO", "%00"])
      it(`is not known of ${id}`, async () => {
        assert.equal((await shop.app.inject(`/api/products/${id}/prices`)).statusCode, 404);
      });
  });
});

describe("the lists of products", () => {
  it("takes an index for each list, however many products there are", async () => {
    const url = await migratedDatabase();
    const rows = (text: string) => query(url, text);
    await rows(`
      INSERT INTO catalog.products (id, name, kind, summary, description, price_cents, stock, category)
      SELECT 'p-' || i, 'Piece ' || i, 'Mugs', 's', 'd', 100, 1, (ARRAY['mugs', 'cups', 'tea'])[1 + i % 3] FROM generate_series(1, 4000) AS i`);
    await rows("VACUUM ANALYZE catalog.products");
    const plan = async (sql: string): Promise<string> => JSON.stringify(await rows(`EXPLAIN (FORMAT JSON) ${sql}`));
    assert.match(
      await plan("SELECT name FROM catalog.products WHERE (name, id) > ('N', '') ORDER BY name, id LIMIT 25"),
      /products_by_name/,
    );
    assert.match(
      await plan(
        "SELECT name FROM catalog.products WHERE category = 'tea' AND (name, id) > ('N', '') ORDER BY name, id LIMIT 25",
      ),
      /products_by_category/,
    );
    assert.match(
      await plan("SELECT id FROM catalog.products WHERE words @@ websearch_to_tsquery('english', 'peony')"),
      /products_by_words/,
    );
    assert.match(await plan("SELECT id FROM catalog.products WHERE 'teepot' <% name"), /products_by_trigrams/);
  });
});
