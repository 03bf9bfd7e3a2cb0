import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { migratedDatabase } from "../support/postgres.ts";
import { ShopProcess } from "../support/process.ts";
import { until } from "../support/until.ts";

/** A span as OTLP has it in JSON (opentelemetry.io/docs/specs/otlp). */
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

/** An OpenTelemetry collector that keeps what it gets. */
class Collector {
  readonly spans: Span[] = [];
  text = "";
  readonly #server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      assert.deepEqual([request.method, request.url], ["POST", "/v1/traces"]);
      this.text += body;
      const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
      this.spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
      response.setHeader("content-type", "application/json").end("{}");
    });
  });

  async open(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const [TRACE, CALLER] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
const traceparent = `00-${TRACE}-${CALLER}-01`;

describe("the traces of the shop", function () {
  this.timeout(60_000);

  it("lead from the caller through a request to its statements, and into the log, without what people typed", async () => {
    const collector = new Collector();
    const shop = ShopProcess.on(await migratedDatabase(), {
      OTEL_EXPORTER_OTLP_ENDPOINT: await collector.open(),
      CACHE_SECONDS: "0",
    });
    const base = await shop.ready();
    await fetch(`${base}/api/products/oat-mug`, { headers: { traceparent } });
    await fetch(`${base}/healthz`, { headers: { traceparent } });
    const signUp = { email: "somebody@example.com", password: "correct horse battery staple" };
    await fetch(`${base}/api/users`, {
      method: "POST",
      headers: { "content-type": "application/json", traceparent },
      body: JSON.stringify(signUp),
    });
    assert.equal((await shop.end()).code, 0);
    collector.close();

    const ours = collector.spans.filter(({ traceId }) => traceId === TRACE);
    const named = (name: string): Span | undefined => ours.find((span) => span.name === name);
    const product = named("GET /api/products/:id");
    assert.deepEqual([product?.parentSpanId, product?.kind], [CALLER, 2]);
    assert.deepEqual(
      product?.attributes.map(({ key, value }) => [key, Object.values(value)[0]]),
      [
        ["http.request.method", "GET"],
        ["http.route", "/api/products/:id"],
        ["http.response.status_code", 200],
      ],
    );
    assert.equal(named("catalog-product-by-id")?.parentSpanId, product.spanId);
    // Also behind a body that had to be read first.
    const signedUp = named("POST /api/users")?.spanId;
    assert.ok(ours.some(({ parentSpanId }) => parentSpanId !== undefined && parentSpanId === signedUp));
    assert.ok(collector.spans.some(({ name }) => name === "job sweep-jobs"));
    assert.ok(!ours.some(({ name }) => name.includes("healthz")));
    for (const typed of [signUp.email, signUp.password, "oat-mug"]) assert.ok(!collector.text.includes(typed), typed);
    const line = shop.lines().find(({ route }) => route === "/api/products/:id");
    assert.equal(line?.["trace_id"], TRACE);
    const job = shop.lines().find(({ event, kind }) => event === "job" && kind === "sweep-jobs");
    assert.equal(job?.["trace_id"], collector.spans.find(({ name }) => name === "job sweep-jobs")?.traceId);
  });

  it("are no concern of anybody's when the collector is away", async () => {
    const collector = new Collector();
    const endpoint = await collector.open();
    collector.close();
    const shop = ShopProcess.on(await migratedDatabase(), {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_BSP_SCHEDULE_DELAY: "50",
    });
    const base = await shop.ready();
    assert.equal((await fetch(`${base}/api/products`)).status, 200);
    await until(() => shop.lines().some(({ event }) => event === "tracing"));
    assert.equal((await fetch(`${base}/api/products`)).status, 200);
    assert.equal((await shop.end()).code, 0);
  });
});
