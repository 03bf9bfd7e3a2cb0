import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { type Customer, newCustomer, PASSWORD } from "../support/customer.ts";
import { openShop, type TestShop } from "../support/shop.ts";

const JSON_TYPE = { "content-type": "application/json" };

describe("malformed requests to the API", () => {
  let shop: TestShop;
  let customer: Customer;
  before(async () => {
    shop = await openShop();
    customer = await newCustomer(shop.app);
  });
  after(() => shop.close());

  const send = (body: string | Buffer | undefined, headers: Record<string, string>): Promise<LightMyRequestResponse> => {
    const request: InjectOptions = {
      method: "POST",
      url: "/api/orders",
      headers: { authorization: `Bearer ${customer.token}`, "idempotency-key": randomUUID(), ...headers },
    };
    return shop.app.inject(body === undefined ? request : { ...request, payload: body });
  };

  for (const [what, body, headers, status, title] of [
    ["JSON that breaks off", '{"lines":[', JSON_TYPE, 400, "The body is not valid JSON."],
    ["no JSON at all", "lines=1", JSON_TYPE, 400, "The body is not valid JSON."],
    ["an empty body that says it is JSON", "", JSON_TYPE, 400, "The body is empty."],
    ["JSON that reaches for the prototype", '{"__proto__":{"lines":[]}}', JSON_TYPE, 400, "The body is not valid JSON."],
    [
      "JSON that reaches for the constructor",
      '{"constructor":{"prototype":{"a":1}}}',
      JSON_TYPE,
      400,
      "The body is not valid JSON.",
    ],
    ["more than 64 KiB", `"${"x".repeat(64 * 1024)}"`, JSON_TYPE, 413, "The body is too large."],
    [
      "a form",
      "lines=1",
      { "content-type": "application/x-www-form-urlencoded" },
      415,
      "The body's media type is not one that this address takes.",
    ],
    [
      "plain text, which other sites' pages can send",
      "{}",
      { "content-type": "text/plain" },
      415,
      "The body's media type is not one that this address takes.",
    ],
    ["XML", "<order/>", { "content-type": "application/xml" }, 415, "The body's media type is not one that this address takes."],
    ["a body without a type", "{}", {}, 415, "The body's media type is not one that this address takes."],
    ["a wrong length", "{}", { ...JSON_TYPE, "content-length": "1" }, 400, "The body is not as long as its Content-Length says."],
  ] as const)
    it(`answers ${what} with ${status} and no more than that`, async () => {
      const response = await send(body, headers);
      assert.equal(response.statusCode, status);
      assert.equal(response.headers["content-type"], "application/problem+json; charset=utf-8");
      assert.equal(response.headers["cache-control"], "no-store");
      const { trace_id, ...problem } = response.json<Record<string, unknown>>();
      assert.match(String(trace_id), /^[0-9a-f]{32}$/);
      assert.deepEqual(problem, { type: "urn:problem:shop:malformed-request", title, status });
    });

  it("names every field when there is no body", async () => {
    const response = await send(undefined, {});
    assert.equal(response.statusCode, 400);
    assert.deepEqual(response.json<Record<string, unknown>>()["errors"], [
      { path: "", message: "Invalid input: expected object, received undefined" },
    ]);
  });

  for (const [method, url] of [
    ["GET", "/api"],
    ["GET", "/api/"],
    ["GET", "/api/none"],
    ["PUT", "/api/orders"],
    ["DELETE", "/api/users"],
    ["GET", "/api/users"],
    ["PATCH", "/api/products/oat-mug"],
    ["GET", "/api/products/oat-mug/"],
    ["GET", "//api/products"],
  ] as const)
    it(`does not know ${method} ${url}`, async () => {
      assert.equal((await shop.app.inject({ method, url })).statusCode, 404);
    });

  it("answers an address that cannot be decoded with 400", async () => {
    const response = await shop.app.inject("/api/products/%zz");
    assert.equal(response.statusCode, 400);
    assert.equal(response.json<Record<string, unknown>>()["title"], "The request is malformed.");
  });

  it("answers a parameter of more than 200 characters with 414", async () => {
    assert.equal((await shop.app.inject(`/api/products/${"a".repeat(201)}`)).statusCode, 414);
  });

  it("continues the caller's trace, and begins its own for a malformed one", async () => {
    const traceOf = async (traceparent: string): Promise<unknown> =>
      (await shop.app.inject({ url: "/api/none", headers: { traceparent } })).json<Record<string, unknown>>()["trace_id"];
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    assert.equal(await traceOf(`00-${trace}-00f067aa0ba902b7-01`), trace);
    const malformed = `00-${trace.toUpperCase()}-00f067aa0ba902b7-01`;
    assert.notEqual(await traceOf(malformed), trace.toUpperCase());
  });

  it("has every answer in the log by its route, and nothing of what was sent", async () => {
    const marker = `marker-${randomUUID()}`;
    await shop.app.inject({
      url: `/api/products/${marker}?q=${marker}`,
      headers: { "user-agent": marker, cookie: `session=${marker}` },
    });
    await send(`{"${marker}`, JSON_TYPE);
    await shop.app.inject({
      method: "POST",
      url: "/api/sessions",
      payload: { email: `${marker}@example.com`, password: PASSWORD },
    });
    const last = shop.log.lines().slice(-3);
    assert.deepEqual(
      last.map(({ event, method, route, status }) => ({ event, method, route, status })),
      [
        { event: "request", method: "GET", route: "/api/products/:id", status: 404 },
        { event: "request", method: "POST", route: "/api/orders", status: 400 },
        { event: "request", method: "POST", route: "/api/sessions", status: 401 },
      ],
    );
    assert.ok(!shop.log.text().includes(marker));
  });
});
