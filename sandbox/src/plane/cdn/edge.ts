import type { IncomingMessage, ServerResponse } from "node:http";
import type { IssuedCertificate } from "../certificate-authority.ts";
import { WebServer } from "../web-server.ts";
import { sendEntry, sendOwn, sendStream } from "./answering.ts";
import { askTarget } from "./asking.ts";
import { EdgeCache, isFresh, mayRevalidate } from "./cache.ts";
import { behaviorOf, type Exchange, exchangeOf, pathOf } from "./exchange.ts";
import { Fetcher } from "./fetcher.ts";
import { errorPage } from "./pages.ts";
import { type Behavior, type EdgePlan, OriginFailure } from "./plan.ts";
import { cacheKey, isCaching } from "./selection.ts";

const NOT_ALLOWED =
  "This distribution is not configured to allow the HTTP request method that was used for this request. The distribution supports only cachable requests.";

const KEEP_ALIVE_MS = 30_000;

/** A distribution at work: a caching proxy on two ports of 127.0.0.1. The one for HTTPS speaks plain HTTP, too, as everything here; who comes to it counts as secure. */
export class Edge {
  readonly cache = new EdgeCache();
  private plan: EdgePlan;
  private readonly fetcher = new Fetcher(this.cache);
  private readonly secure: WebServer;
  private readonly plain: WebServer;

  private constructor(plan: EdgePlan) {
    this.plan = plan;
    const server = (secure: boolean): WebServer =>
      new WebServer((request, response) => void this.handle(request, response, secure), { keepAliveMs: KEEP_ALIVE_MS });
    this.secure = server(true);
    this.plain = server(false);
  }

  /** Opens the ports for HTTPS and HTTP. Rejects if somebody else has one. */
  static async open(
    ports: { readonly secure: number; readonly plain: number },
    plan: EdgePlan,
    certificate: IssuedCertificate,
  ): Promise<Edge> {
    const edge = new Edge(plan);
    edge.secure.secure(certificate);
    await edge.secure.listen(ports.secure);
    await edge.plain.listen(ports.plain);
    return edge;
  }

  /** Goes on by another plan; what is kept stays. */
  follow(plan: EdgePlan, certificate: IssuedCertificate): void {
    this.plan = plan;
    this.secure.secure(certificate);
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    this.fetcher.close();
    await Promise.all([this.secure.close(), this.plain.close()]);
  }

  private async handle(request: IncomingMessage, response: ServerResponse, secure: boolean): Promise<void> {
    response.on("error", () => undefined);
    const exchange = exchangeOf(this.plan, request, response, secure);
    try {
      await this.answer(exchange);
    } catch (error) {
      // The answer was cut off half-way, or the client has gone: it must notice.
      if (response.headersSent || response.destroyed) response.destroy();
      else sendOwn(exchange, errorPage(error instanceof OriginFailure ? error.status : 502, exchange.id), "Error");
    }
  }

  private async answer(exchange: Exchange): Promise<void> {
    const { client, host, id, method, plan, query, request, secure } = exchange;
    const path = pathOf(exchange);
    const behavior = behaviorOf(plan, path);
    if (behavior === undefined || !plan.names.includes(host)) {
      sendOwn(exchange, errorPage(403, id, `Bad request: the distribution ${plan.id} does not serve the name ${host}.`), "Error");
      return;
    }
    const verdict = plan.inspect?.({
      method,
      host,
      path: exchange.path,
      query: query === "" ? "" : `?${query}`,
      headers: request.headers,
      source: client,
    });
    if (verdict?.refusal !== undefined) {
      sendOwn(exchange, verdict.refusal, "Error");
      return;
    }
    exchange.insert = verdict?.insert ?? {};
    if (!secure && behavior.protocol !== "allow-all") {
      this.keepToHttps(exchange, behavior);
      return;
    }
    if (!behavior.allowedMethods.includes(method)) {
      sendOwn(exchange, errorPage(403, id, NOT_ALLOWED), "Error");
      return;
    }
    if (behavior.cachedMethods.includes(method) && isCaching(behavior.caching))
      await this.fromCache(
        exchange,
        behavior,
        `${method === "OPTIONS" ? "OPTIONS " : ""}${cacheKey(behavior, path, query, request.headers, host)}`,
      );
    else await this.pass(exchange, behavior);
  }

  private keepToHttps(exchange: Exchange, behavior: Behavior): void {
    const { host, id, request } = exchange;
    if (behavior.protocol === "https-only") {
      sendOwn(exchange, errorPage(403, id, "Bad request: this path is served over HTTPS only."), "Error");
      return;
    }
    const body =
      "<html>\r\n<head><title>301 Moved Permanently</title></head>\r\n<body>\r\n<center><h1>301 Moved Permanently</h1></center>\r\n<hr><center>CloudFront</center>\r\n</body>\r\n</html>\r\n";
    const headers = { location: `https://${host}${request.url ?? "/"}`, "content-type": "text/html" };
    sendOwn(exchange, { status: 301, headers, body }, "Redirect");
  }

  private async fromCache(exchange: Exchange, behavior: Behavior, key: string): Promise<void> {
    const { method, plan } = exchange;
    const known = this.cache.get(key);
    if (known !== undefined && (isFresh(known, plan.now()) || mayRevalidate(known, plan.now()))) {
      if (!isFresh(known, plan.now())) this.fetcher.refresh(exchange, behavior, key, known);
      sendEntry(exchange, behavior, known, known.status >= 400 ? "Error" : "Hit");
      return;
    }
    // An answer to HEAD has no body that could be kept for others.
    if (method === "HEAD" && known === undefined) {
      await this.pass(exchange, behavior);
      return;
    }
    const { leads, reply } = await this.fetcher.fetch(exchange, behavior, key, known);
    if (reply.kind === "entry") sendEntry(exchange, behavior, reply.entry, reply.result);
    else if (leads) await sendStream(exchange, behavior, reply.answer);
    // What nobody keeps is each client's own.
    else await this.pass(exchange, behavior);
  }

  private async pass(exchange: Exchange, behavior: Behavior): Promise<void> {
    const gone = new AbortController();
    exchange.response.once("close", () => {
      if (!exchange.response.writableFinished) gone.abort();
    });
    const answer = await this.fetcher.orPage(exchange, () =>
      askTarget(exchange, behavior, { shared: false, signal: gone.signal }),
    );
    if (answer.kind === "entry") sendEntry(exchange, behavior, answer.entry, "Error");
    else await sendStream(exchange, behavior, answer.answer);
  }
}
