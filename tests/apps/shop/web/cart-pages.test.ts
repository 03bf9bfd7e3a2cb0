import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { PASSWORD } from "../support/customer.ts";
import { workOff } from "../support/my-data.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { workUntil } from "../support/until.ts";
import { Visitor } from "../support/visitor.ts";

describe("the pages of the cart", () => {
  let shop: TestShop;
  let someone: Visitor;
  before(async () => (shop = await openShop()));
  beforeEach(async () => {
    someone = new Visitor(shop.app);
    await someone.enter(`${randomUUID()}@example.com`, PASSWORD);
  });
  after(() => shop.close());

  const add = async (productId: string, quantity = "1") => {
    // The same form as for buying at once, with another button.
    const page = (await someone.get(`/products/${productId}`)).body;
    assert.match(page, /<button class="button second" formaction="\/cart\/add">Add to cart</);
    const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(page) ?? [];
    return someone.post("/cart/add", { _csrf: csrf, productId, quantity });
  };
  const order = (paymentMethod: string) => someone.submit("/cart", "/cart/order", { paymentMethod });
  const cart = async (): Promise<string> => (await someone.get("/cart")).body;

  it("take pieces in, change how many, take them out, and order what is left", async () => {
    assert.match(await cart(), /It is empty\./);
    const added = await add("oat-mug", "2");
    assert.deepEqual([added.statusCode, added.headers.location], [303, "/cart"]);
    await add("oat-mug");
    await add("fern-mug");
    assert.match(await cart(), /Total <strong class="price">&#8364;107\.00</);
    assert.match(await cart(), /aria-label="Quantity of Oat Mug">.*<option value="3" selected>3</s);
    const csrf = /name="_csrf" value="([^"]+)"/.exec(await cart())?.[1] ?? "";
    await someone.post("/cart/set", { _csrf: csrf, productId: "oat-mug", quantity: "1" });
    await someone.post("/cart/remove", { _csrf: csrf, productId: "fern-mug", quantity: "1" });
    assert.match(await cart(), /Total <strong class="price">&#8364;26\.00</);
    const ordered = await order("test-paid");
    assert.match(String(ordered.headers.location), /^\/orders\/[0-9a-f-]{36}$/);
    assert.match((await someone.get(String(ordered.headers.location))).body, /It is placed\./);
    assert.match(await cart(), /It is empty\./);
  });

  it("say why nothing was ordered, and keep what was picked", async () => {
    await add("oat-bowl");
    const declined = await order("test-declined");
    assert.equal(declined.statusCode, 402);
    assert.match(declined.body, /role="alert">The payment was declined\. Nothing was ordered\. Try another means of payment\.</);
    assert.match(declined.body, /Oat Bowl/);
    const unknown = await order("gold");
    assert.equal(unknown.statusCode, 422);
    await query(shop.databaseUrl, "UPDATE catalog.products SET stock = 0 WHERE id = 'oat-bowl'");
    assert.match(await cart(), /<span class="fault">Sold out</);
    const soldOut = await order("test-paid");
    assert.equal(soldOut.statusCode, 409);
    assert.match(soldOut.body, /role="alert">Oat Bowl is sold out\.</);
  });

  it("wait for a payment that is decided later", async () => {
    await add("river-bowl");
    const { headers } = await order("test-late");
    const page = String(headers.location);
    assert.match((await someone.get(page)).body, /role="status">We wait for the payment\./);
    await query(shop.databaseUrl, "UPDATE billing.test_charges SET state = 'paid'");
    await query(shop.databaseUrl, "UPDATE billing.orders SET created_at = now() - interval '31 seconds' WHERE state = 'unpaid'");
    await workUntil(
      shop,
      async () => (await query(shop.databaseUrl, "SELECT FROM billing.orders WHERE state = 'unpaid'")).length === 0,
    );
    assert.match((await someone.get(page)).body, /It is placed\./);
  });

  it("offer the invoice when it is made, and take an order back", async () => {
    await add("river-bowl");
    const page = String((await order("test-paid")).headers.location);
    assert.match((await someone.get(page)).body, /The invoice is being made\./);
    const id = page.slice("/orders/".length);
    await workUntil(
      shop,
      async () => (await query(shop.databaseUrl, "SELECT FROM billing.invoices WHERE order_id = $1", [id])).length === 1,
    );
    assert.match((await someone.get(page)).body, new RegExp(`<a href="${page}/invoice" download>Invoice \\(PDF\\)</a>`));
    assert.equal((await someone.get(`${page}/invoice`)).headers["content-type"], "application/pdf");
    const back = await someone.submit(page, `${page}/refund`);
    assert.deepEqual([back.statusCode, back.headers.location], [303, page]);
    assert.match((await someone.get(page)).body, /Your money is on its way back\./);
    await workOff(shop, "refund-order");
    const { body } = await someone.get(page);
    assert.match(body, /Your money is back with you\./);
    assert.ok(!body.includes("Send it back"));
  });

  it("say that it is too late to send something back", async () => {
    await add("river-bowl");
    const page = String((await order("test-paid")).headers.location);
    await query(shop.databaseUrl, "UPDATE billing.orders SET settled_at = now() - interval '15 days'");
    const late = await someone.submit(page, `${page}/refund`);
    assert.equal(late.statusCode, 409);
    assert.match(late.body, /role="alert">It is too late to send this back\. An order can be sent back within 14 days\.</);
  });

  it("are for those who are logged in, and take no form without the hidden token", async () => {
    const id = randomUUID();
    const nobody = new Visitor(shop.app);
    for (const [path, to] of [
      ["/cart/add", "/cart"],
      ["/cart/set", "/cart"],
      ["/cart/remove", "/cart"],
      ["/cart/order", "/cart"],
      [`/orders/${id}/refund`, "/orders"],
    ] as const) {
      assert.equal((await nobody.post(path, { productId: "oat-mug" })).headers.location, `/login?next=${to}`);
      assert.equal(
        (await someone.post(path, { productId: "oat-mug", quantity: "1", key: id, paymentMethod: "test-paid" })).statusCode,
        403,
      );
    }
    assert.equal((await nobody.get("/cart")).headers.location, "/login?next=/cart");
    assert.match(await cart(), /It is empty\./);
  });

  it("know no other change of a cart", async () => {
    await add("oat-mug");
    const csrf = /name="_csrf" value="([^"]+)"/.exec(await cart())?.[1] ?? "";
    assert.equal((await someone.post("/cart/steal", { _csrf: csrf, productId: "oat-mug", quantity: "1" })).statusCode, 404);
    assert.match(await cart(), /Oat Mug/);
  });
});
