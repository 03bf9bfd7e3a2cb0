import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { Keys } from "../../../../apps/shop/src/keys.ts";
import { decideTestCharge, signPaymentEvent } from "../../../../apps/shop/src/modules/billing/index.ts";
import { type Customer, newCustomer } from "../support/customer.ts";
import { workOff } from "../support/my-data.ts";
import { textOfPdf } from "../support/pdf.ts";
import { query } from "../support/postgres.ts";
import { APP_SECRET, openShop, type TestShop } from "../support/shop.ts";
import { workUntil } from "../support/until.ts";

interface Order {
  readonly id: string;
  readonly state: string;
  readonly total: { readonly cents: number };
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
}
interface Cart {
  readonly lines: readonly { readonly productId: string; readonly quantity: number; readonly stock: number }[];
  readonly total: { readonly cents: number };
}

describe("the API of cart and checkout", () => {
  let shop: TestShop;
  let customer: Customer;
  before(async () => (shop = await openShop()));
  beforeEach(async () => (customer = await newCustomer(shop.app)));
  after(() => shop.close());

  const rows = (text: string, values: unknown[] = []) => query(shop.databaseUrl, text, values);
  const put = (productId: string, quantity: unknown, who = customer) => who.ask("PUT", `/api/cart/${productId}`, { quantity });
  const cart = async (who = customer): Promise<Cart> => (await who.ask("GET", "/api/cart")).json();
  const checkOut = (paymentMethod = "test-paid", key = randomUUID(), who = customer) =>
    who.ask("POST", "/api/checkout", { paymentMethod }, { "idempotency-key": key });

  describe("keeps a cart", () => {
    it("of what somebody picked, at the prices of the moment", async () => {
      await put("oat-mug", 2);
      const answer = await put("river-bowl", 1);
      assert.deepEqual([answer.statusCode, answer.headers["cache-control"]], [200, "no-store"]);
      await put("oat-mug", 3);
      assert.deepEqual((await cart()).lines, [
        { productId: "oat-mug", name: "Oat Mug", quantity: 3, unitPrice: { cents: 2600, currency: "EUR" }, stock: 480 },
        { productId: "river-bowl", name: "River Bowl", quantity: 1, unitPrice: { cents: 3200, currency: "EUR" }, stock: 350 },
      ]);
      await customer.ask("DELETE", "/api/cart/river-bowl");
      await customer.ask("DELETE", "/api/cart/never-there");
      const { lines, total } = await cart();
      assert.deepEqual([lines.length, total.cents], [1, 7800]);
    });

    it("that is nobody else's", async () => {
      await put("oat-mug", 2);
      const other = await newCustomer(shop.app);
      await other.ask("DELETE", "/api/cart/oat-mug");
      assert.deepEqual((await cart(other)).lines, []);
      assert.equal((await cart()).lines.length, 1);
    });

    it("with room for twenty different pieces, and leaves out what is gone from the catalogue", async () => {
      await rows(
        `INSERT INTO catalog.products (id, name, kind, summary, description, price_cents, stock) SELECT 'cart-' || i, 'Cart', 'X', '', '', 100, 9 FROM generate_series(1, 21) AS i ON CONFLICT DO NOTHING`,
      );
      for (let count = 1; count <= 20; count += 1) assert.equal((await put(`cart-${count}`, 1)).statusCode, 200);
      const full = await put("cart-21", 1);
      assert.deepEqual([full.statusCode, full.json<{ title: string }>().title], [409, "There is no more room in the cart."]);
      assert.equal((await put("cart-20", 2)).statusCode, 200);
      await rows("DELETE FROM catalog.products WHERE id = 'cart-20'");
      const { lines, total } = await cart();
      assert.deepEqual([lines.length, total.cents], [19, 1900]);
    });

    for (const [what, product, quantity, status] of [
      ["none of a piece", "oat-mug", 0, 400],
      ["21 of a piece", "oat-mug", 21, 400],
      ["half a piece", "oat-mug", 1.5, 400],
      ["a number as text", "oat-mug", "1", 400],
      ["a piece that there is not", "no-such-piece", 1, 404],
      ["what is no id", "..%2f..", 1, 404],
    ] as const)
      it(`and refuses ${what}`, async () => {
        assert.equal((await put(product, quantity)).statusCode, status);
      });
  });

  describe("orders what is in the cart", () => {
    it("and empties it", async () => {
      await put("oat-bowl", 2);
      await put("fern-mug", 1);
      const answer = await checkOut();
      assert.equal(answer.statusCode, 201);
      const { lines, state, total } = answer.json<Order>();
      assert.deepEqual(
        [state, total.cents, lines.map(({ productId, quantity }) => [productId, quantity])],
        [
          "placed",
          8300,
          [
            ["oat-bowl", 2],
            ["fern-mug", 1],
          ],
        ],
      );
      assert.deepEqual((await cart()).lines, []);
    });

    it("once under a key, also when something else is in the cart by then", async () => {
      const key = randomUUID();
      await put("oat-bowl", 1);
      const first = (await checkOut("test-paid", key)).json<Order>();
      await put("fern-mug", 1);
      const again = await checkOut("test-paid", key);
      assert.deepEqual([again.statusCode, again.json<Order>().id], [201, first.id]);
      assert.deepEqual(
        (await cart()).lines.map(({ productId }) => productId),
        ["fern-mug"],
      );
    });

    it("once when the key comes ten times at once", async () => {
      const key = randomUUID();
      await put("oat-bowl", 1);
      const answers = await Promise.all(Array.from({ length: 10 }, () => checkOut("test-paid", key)));
      const ids = new Set(answers.filter(({ statusCode }) => statusCode === 201).map((answer) => answer.json<Order>().id));
      assert.equal(ids.size, 1);
      assert.equal((await customer.ask("GET", "/api/orders")).json<{ items: unknown[] }>().items.length, 1);
    });

    it("not when it is empty, cannot be paid, or there is not enough: the cart stays as it is", async () => {
      assert.equal((await checkOut()).json<{ title: string }>().title, "There is nothing in the cart.");
      await put("oat-bowl", 1);
      const declined = await checkOut("test-declined");
      assert.deepEqual(
        [declined.statusCode, declined.json<{ title: string; detail: string }>().title],
        [402, "The payment was declined."],
      );
      await put("fern-platter", 20);
      await rows("UPDATE catalog.products SET stock = 3 WHERE id = 'fern-platter'");
      const short = await checkOut();
      assert.deepEqual([short.statusCode, short.json<{ detail: string }>().detail], [409, "Of Fern Platter, 3 are left."]);
      assert.equal((await cart()).lines.length, 2);
    });

    for (const [what, body, path, message] of [
      ["no means of payment", {}, "paymentMethod", "Invalid input: expected string, received undefined"],
      [
        "one that there is not",
        { paymentMethod: "gold" },
        "paymentMethod",
        "The payment provider knows no such means of payment.",
      ],
      [
        "one that every object has",
        { paymentMethod: "constructor" },
        "paymentMethod",
        "The payment provider knows no such means of payment.",
      ],
      ["a price of one's own", { paymentMethod: "test-paid", totalCents: 1 }, "", 'Unrecognized key: "totalCents"'],
    ] as const)
      it(`not with ${what}`, async () => {
        await put("oat-bowl", 1);
        const answer = await customer.ask("POST", "/api/checkout", body, { "idempotency-key": randomUUID() });
        assert.equal(answer.statusCode, 400);
        assert.deepEqual(answer.json<{ errors: unknown }>().errors, [{ path, message }]);
      });
  });

  describe("hears of payments that are decided later", () => {
    const keys = new Keys();
    keys.unlock(APP_SECRET);
    const tell = (chargeId: string, { key = keys.key("payment-events"), at = new Date(), body = {} } = {}) =>
      shop.app.inject({
        method: "POST",
        url: "/api/payment-events",
        headers: { "payment-signature": signPaymentEvent(key, chargeId, at) },
        payload: { type: "charge.decided", chargeId, ...body },
      });
    const late = async (): Promise<string> => {
      await put("oat-mug", 1);
      const answer = await checkOut("test-late");
      assert.equal(answer.statusCode, 202);
      assert.equal(answer.json<Order>().state, "unpaid");
      return answer.json<Order>().id;
    };
    const stateOf = async (id: string) => (await customer.ask("GET", `/api/orders/${id}`)).json<Partial<Order>>().state;

    it("and asks the provider, rather than believing what was said", async () => {
      const id = await late();
      assert.equal((await tell(id)).statusCode, 204);
      assert.equal(await stateOf(id), "unpaid");
      await decideTestCharge(shop.database, id, "paid");
      // The same message three times.
      assert.deepEqual(
        (await Promise.all([tell(id), tell(id), tell(id)])).map(({ statusCode }) => statusCode),
        [204, 204, 204],
      );
      assert.equal(await stateOf(id), "placed");
    });

    it("with clocks that differ by minutes, and not from before", async () => {
      const id = await late();
      const at = (seconds: number) => new Date(Date.now() + seconds * 1000);
      for (const [seconds, status] of [
        [-290, 204],
        [290, 204],
        [-310, 401],
        [310, 401],
      ] as const)
        assert.equal((await tell(id, { at: at(seconds) })).statusCode, status, String(seconds));
    });

    it("from the provider alone", async () => {
      const id = await late();
      await decideTestCharge(shop.database, id, "paid");
      assert.equal((await tell(id, { key: Buffer.alloc(32) })).statusCode, 401);
      assert.equal((await tell(id, { body: { chargeId: randomUUID() } })).statusCode, 401);
      for (const signature of ["", "t=1,v1=00", `t=${Math.floor(Date.now() / 1000)},v1=${"0".repeat(64)}`]) {
        const answer = await shop.app.inject({
          method: "POST",
          url: "/api/payment-events",
          headers: { "payment-signature": signature },
          payload: { type: "charge.decided", chargeId: id },
        });
        assert.equal(answer.statusCode, 401, signature);
      }
      assert.equal(await stateOf(id), "unpaid");
    });
  });

  describe("gives money back", () => {
    const refund = (id: string, who = customer) => who.ask("POST", `/api/orders/${id}/refund`);
    const bought = async (): Promise<string> => {
      await put("oat-bowl", 1);
      return (await checkOut()).json<Order>().id;
    };
    const stateOf = async (id: string) => (await customer.ask("GET", `/api/orders/${id}`)).json<Order>().state;

    it("once, however often it is asked", async () => {
      const id = await bought();
      const answers = await Promise.all([refund(id), refund(id), refund(id)]);
      for (const answer of answers)
        assert.deepEqual([answer.statusCode, answer.json()], [202, { status: "accepted", order: `/api/orders/${id}` }]);
      assert.equal(await stateOf(id), "refunding");
      await workOff(shop, "refund-order");
      assert.equal(await stateOf(id), "refunded");
      assert.deepEqual(await rows("SELECT amount_cents::int AS cents FROM billing.refunds WHERE order_id = $1", [id]), [
        { cents: 2700 },
      ]);
      assert.equal((await refund(id)).statusCode, 202);
    });

    it("of one's own orders, that are paid, for fourteen days", async () => {
      const id = await bought();
      const other = await newCustomer(shop.app);
      for (const [who, order] of [
        [other, id],
        [customer, randomUUID()],
        [customer, "1"],
      ] as const)
        assert.equal((await refund(order, who)).statusCode, 404);
      await rows("UPDATE billing.orders SET settled_at = now() - interval '13.9 days' WHERE id = $1", [id]);
      const second = await bought();
      await rows("UPDATE billing.orders SET settled_at = now() - interval '14.1 days' WHERE id = $1", [second]);
      assert.deepEqual([(await refund(id)).statusCode, (await refund(second)).statusCode], [202, 409]);
      await put("oat-mug", 1);
      const unpaid = (await checkOut("test-late")).json<Order>().id;
      assert.equal((await refund(unpaid)).statusCode, 404);
    });
  });

  describe("makes an invoice", () => {
    const invoice = (id: string, who = customer) => who.ask("GET", `/api/orders/${id}/invoice`);

    it("as a PDF, by a job, numbered without a gap, for the buyer alone", async () => {
      const ids: string[] = [];
      for (const product of ["oat-bowl", "fern-mug", "harbour-serving-bowl"]) {
        await put(product, 2);
        ids.push((await checkOut()).json<Order>().id);
      }
      const [id = ""] = ids;
      assert.equal((await invoice(id)).statusCode, 404);
      await workUntil(shop, async () => {
        const made = await rows("SELECT FROM billing.invoices WHERE order_id = ANY($1)", [ids]);
        return made.length === ids.length;
      });
      const answer = await invoice(id);
      assert.deepEqual(
        [
          answer.statusCode,
          answer.headers["content-type"],
          answer.headers["content-disposition"],
          answer.headers["cache-control"],
        ],
        [200, "application/pdf", `attachment; filename="invoice-${id}.pdf"`, "no-store"],
      );
      const text = textOfPdf(answer.rawPayload);
      for (const line of [
        "Quiet Kiln",
        `Order: ${id}`,
        "Oat Bowl",
        "\u20ac27.00".replace("\u20ac", "\x80"),
        "VAT 19 %",
        "Total, paid",
      ])
        assert.ok(text.includes(line), `${line} in\n${text}`);
      for (const amount of ["54.00", "45.38", "8.62"]) assert.ok(text.includes(amount), amount);
      assert.ok(!text.includes(customer.email));
      const numbers = (await rows("SELECT number FROM billing.invoices ORDER BY number")).map(({ number }) => number);
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index + 1),
      );
      const other = await newCustomer(shop.app);
      for (const [who, order] of [
        [other, id],
        [customer, randomUUID()],
        [customer, "..%2f1"],
      ] as const)
        assert.equal((await invoice(order, who)).statusCode, 404);
      const jobs = (await customer.ask("GET", "/api/jobs")).json<{ items: { kind: string; state: string }[] }>().items;
      assert.deepEqual(
        jobs.map(({ kind, state }) => `${kind} ${state}`),
        Array.from({ length: 3 }, () => "make-invoice done"),
      );
    });
  });

  it("asks who it is before anything else", async () => {
    for (const [method, url] of [
      ["GET", "/api/cart"],
      ["PUT", "/api/cart/oat-mug"],
      ["DELETE", "/api/cart/oat-mug"],
      ["POST", "/api/checkout"],
      ["GET", `/api/orders/${randomUUID()}/invoice`],
      ["POST", `/api/orders/${randomUUID()}/refund`],
    ] as const)
      assert.equal((await shop.app.inject({ method, url })).statusCode, 401, url);
  });
});
