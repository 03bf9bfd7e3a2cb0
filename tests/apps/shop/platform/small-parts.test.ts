import assert from "node:assert/strict";
import fc from "fast-check";
import { Keys } from "../../../../apps/shop/src/keys.ts";
import { decide } from "../../../../apps/shop/src/modules/catalog/reservation.ts";
import { totalCents } from "../../../../apps/shop/src/modules/billing/orders.ts";
import { isBusy, isConnectionLost, isRefused, isTransient } from "../../../../apps/shop/src/platform/database/faults.ts";
import { createLifecycle } from "../../../../apps/shop/src/platform/http/lifecycle.ts";
import { traceIdOf } from "../../../../apps/shop/src/platform/http/trace.ts";
import { uuidv7 } from "../../../../apps/shop/src/platform/uuid.ts";
import { money } from "../../../../apps/shop/src/web/show.ts";
import { escapeMarkup } from "../../../../apps/shop/src/web/views.ts";

describe("an identifier", () => {
  it("is a UUID of version 7 that begins with its time", () => {
    const future = Date.UTC(2030, 0, 1);
    const id = uuidv7(future);
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(parseInt(id.slice(0, 8) + id.slice(9, 13), 16), future);
  });

  it("comes after all that were made before, also within a millisecond and when the clock is set back", () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => uuidv7(Date.UTC(2030, 0, 2) - (index % 7)));
    assert.deepEqual(ids.toSorted(), ids);
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe("the trace of a request", () => {
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  it("is the caller's", () => {
    assert.equal(traceIdOf(`00-${trace}-00f067aa0ba902b7-01`), trace);
    assert.equal(traceIdOf(`cc-${trace}-00f067aa0ba902b7-01-what-the-future-adds`), trace);
  });

  for (const malformed of [
    undefined,
    "",
    [`00-${trace}-00f067aa0ba902b7-01`, "x"],
    `ff-${trace}-00f067aa0ba902b7-01`,
    `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
    `00-${trace}-${"0".repeat(16)}-01`,
    `00-${trace.toUpperCase()}-00f067aa0ba902b7-01`,
    `00-${trace}-00f067aa0ba902b7-01x`,
    `00-${trace}-00f067aa0ba902b7`,
  ])
    it(`is new for the header ${JSON.stringify(malformed)}`, () => {
      const [one, two] = [traceIdOf(malformed), traceIdOf(malformed)];
      assert.match(one, /^[0-9a-f]{32}$/);
      assert.notEqual(one, two);
      assert.notEqual(one, trace);
    });
});

describe("the keys", () => {
  it("are made of the secret, one for each use, the same each time", () => {
    const [keys, again] = [new Keys(), new Keys()];
    assert.equal(keys.unlocked, false);
    assert.throws(() => keys.key("signing-keys"), { message: "the app secret has not been read yet" });
    keys.unlock("s".repeat(32));
    again.unlock("s".repeat(32));
    assert.equal(keys.unlocked, true);
    assert.equal(keys.key("signing-keys").length, 32);
    assert.deepEqual(keys.key("signing-keys"), again.key("signing-keys"));
    assert.notDeepEqual(keys.key("signing-keys"), keys.key("form-tokens"));
    assert.notDeepEqual(keys.key("signing-keys"), keys.key("login-accounts"));
  });

  it("need a secret that is long enough", () => {
    assert.throws(() => new Keys().unlock("s".repeat(31)), {
      message: "the app secret has 31 characters; it needs at least 32 random ones",
    });
  });
});

describe("the lifecycle", () => {
  it("goes from starting over serving to draining, and says why it does not serve", () => {
    const lifecycle = createLifecycle();
    const told = (): [string, string] => [lifecycle.phase, lifecycle.reason];
    assert.deepEqual(told(), ["starting", "starting"]);
    lifecycle.waitFor("the database cannot be reached");
    assert.deepEqual(told(), ["starting", "the database cannot be reached"]);
    lifecycle.serve();
    assert.deepEqual(told(), ["serving", ""]);
    lifecycle.waitFor("too late");
    assert.deepEqual(told(), ["serving", ""]);
    lifecycle.drain();
    lifecycle.serve();
    assert.deepEqual(told(), ["draining", "shutting down"]);
  });
});

describe("an error of the database", () => {
  const coded = (code: string): Error => Object.assign(new Error("it failed"), { code });
  for (const [error, lost, transient, busy, refused] of [
    [coded("57P01"), true, true, false, false],
    [coded("08006"), true, true, false, false],
    [coded("ECONNREFUSED"), true, true, false, false],
    [coded("25006"), true, true, false, false],
    [coded("40P01"), false, true, false, false],
    [coded("40001"), false, true, false, false],
    [coded("55P03"), false, false, true, false],
    [coded("57014"), false, false, true, false],
    [coded("53300"), false, false, true, false],
    [coded("28P01"), false, false, false, true],
    [coded("28000"), false, false, false, true],
    [coded("23505"), false, false, false, false],
    [new Error("Connection terminated unexpectedly"), true, true, false, false],
    [new Error("timeout exceeded when trying to connect"), true, true, false, false],
    [new Error("Query read timeout"), false, false, true, false],
    [new Error("something else"), false, false, false, false],
    ["no error at all", false, false, false, false],
  ] as const)
    it(`${error instanceof Error ? ((error as { code?: string }).code ?? error.message) : error} is told for what it is`, () => {
      assert.deepEqual(
        [isConnectionLost(error), isTransient(error), isBusy(error), isRefused(error)],
        [lost, transient, busy, refused],
      );
    });
});

describe("a reservation", () => {
  const product = (id: string, stock: number) => ({
    id,
    stock,
    name: id.toUpperCase(),
    kind: "",
    summary: "",
    priceCents: 250,
    currency: "EUR",
  });

  it("is of everything that is wanted, at the name and price of the moment", () => {
    assert.deepEqual(decide([{ productId: "cup", quantity: 3 }], [product("cup", 3)]), {
      kind: "reserved",
      lines: [{ productId: "cup", quantity: 3, name: "CUP", unitPriceCents: 250 }],
      currency: "EUR",
    });
  });

  it("is of nothing when one product is missing or short", () => {
    const wanted = [
      { productId: "cup", quantity: 1 },
      { productId: "jug", quantity: 2 },
    ];
    assert.deepEqual(decide(wanted, [product("cup", 9)]), {
      kind: "refused",
      refusal: { reason: "unknown-product", productId: "jug" },
    });
    assert.deepEqual(decide(wanted, [product("cup", 9), product("jug", 1)]), {
      kind: "refused",
      refusal: { reason: "out-of-stock", productId: "jug", name: "JUG", available: 1 },
    });
  });
});

describe("the total of an order", () => {
  it("is exact to the cent, whatever is ordered", () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 20 }),
      unitPriceCents: fc.integer({ min: 1, max: 2_147_483_647 }),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const exact = lines.reduce((sum, { quantity, unitPriceCents }) => sum + BigInt(quantity) * BigInt(unitPriceCents), 0n);
        assert.equal(BigInt(totalCents(lines)), exact);
      }),
    );
  });

  it("is written as people write it", () => {
    assert.deepEqual([money(2600, "EUR"), money(5, "EUR"), money(123_456_789, "EUR")], ["€26.00", "€0.05", "€1,234,567.89"]);
  });
});

describe("text in markup", () => {
  it("cannot become markup, nor leave its attribute", () => {
    assert.equal(
      escapeMarkup(`<a href="x" title='y'>&amp;</a>`),
      "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;",
    );
    assert.deepEqual([escapeMarkup(undefined), escapeMarkup(12), escapeMarkup("")], ["undefined", "12", ""]);
  });

  it("is the same to a reader, whatever its characters", () => {
    const read = (markup: string): string =>
      markup
        .replace(/&#(\d+);/g, (_found, code: string) => String.fromCodePoint(Number(code)))
        .replace(/&(lt|gt|quot|amp);/g, (_found, name: string) => ({ lt: "<", gt: ">", quot: '"', amp: "&" })[name] ?? "");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        assert.equal(read(escapeMarkup(text)), text);
      }),
    );
    assert.equal(escapeMarkup("caf\u00e9 \u20ac1 \u{1f3fa}"), "caf\u00e9 &#8364;1 &#127994;");
  });
});
