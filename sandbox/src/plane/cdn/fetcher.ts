import type { Result } from "./answering.ts";
import { askTarget, conditionsOf } from "./asking.ts";
import { type EdgeCache, type Entry, mayServeStale } from "./cache.ts";
import { compressed } from "./compress.ts";
import { behaviorOf, type Exchange, pathOf } from "./exchange.ts";
import { lifetimeOf } from "./lifetime.ts";
import { errorPage } from "./pages.ts";
import { type Behavior, type EdgePlan, type OriginAnswer, OriginFailure } from "./plan.ts";
import { acceptedEncodings, selectedQuery } from "./selection.ts";

/** What comes of asking: an answer that is kept, or one that goes through. */
export type Reply =
  | { readonly kind: "entry"; readonly entry: Entry; readonly result: Result }
  | { readonly kind: "stream"; readonly answer: OriginAnswer };

/** Bytes of an answer that is kept on this machine; larger ones go through. */
const MOST_KEPT = 32 * 1024 * 1024;
/** Seconds for which an error is kept where the distribution says nothing (CloudFront API Reference, CustomErrorResponse, `ErrorCachingMinTTL`). */
const ERROR_TTL = 10;
/** Hops of pages that stand for errors of pages. */
const NO_PAGES = "errors";

/** Gets answers from origins for the cache, one at a time for a key: who asks meanwhile waits for it. */
export class Fetcher {
  private readonly cache: EdgeCache;
  private readonly under = new Map<string, Promise<Reply>>();
  private readonly closing = new AbortController();

  constructor(cache: EdgeCache) {
    this.cache = cache;
  }

  close(): void {
    this.closing.abort();
  }

  /** `leads` says whether this call asked the origin: an answer that goes through is for its client alone. */
  async fetch(
    exchange: Exchange,
    behavior: Behavior,
    key: string,
    stale: Entry | undefined,
  ): Promise<{ readonly leads: boolean; readonly reply: Reply }> {
    const underWay = this.under.get(key);
    if (underWay !== undefined) return { leads: false, reply: await underWay };
    const asking = this.ask(exchange, behavior, key, stale);
    this.under.set(key, asking);
    try {
      return { leads: true, reply: await asking };
    } finally {
      this.under.delete(key);
    }
  }

  /** Gets it anew while the old one is given out. */
  refresh(exchange: Exchange, behavior: Behavior, key: string, stale: Entry): void {
    this.fetch(exchange, behavior, key, stale).then(
      async ({ leads, reply }) => {
        if (!leads || reply.kind === "entry") return;
        // It must not be kept any more.
        this.cache.delete(key);
        await drain(reply.answer);
      },
      () => undefined,
    );
  }

  /** The answer, or the page that stands for its error. Rejects with an {@link OriginFailure} where there is neither. */
  async orPage(exchange: Exchange, ask: () => Promise<OriginAnswer>): Promise<Reply> {
    try {
      const answer = await ask();
      const page = answer.status >= 400 ? await this.pageFor(exchange, answer.status) : undefined;
      if (page === undefined) return { kind: "stream", answer };
      await drain(answer);
      return { kind: "entry", entry: page, result: "Error" };
    } catch (error) {
      if (!(error instanceof OriginFailure)) throw error;
      const page = await this.pageFor(exchange, error.status);
      if (page === undefined) throw error;
      return { kind: "entry", entry: page, result: "Error" };
    }
  }

  private async ask(exchange: Exchange, behavior: Behavior, key: string, stale: Entry | undefined): Promise<Reply> {
    const { plan } = exchange;
    const conditions = stale === undefined || stale.status >= 400 ? undefined : conditionsOf(stale.headers);
    const ask = { method: exchange.method === "HEAD" ? "GET" : exchange.method, shared: true, signal: this.closing.signal };
    let answer: OriginAnswer;
    try {
      answer = await askTarget(exchange, behavior, { ...ask, ...(conditions !== undefined && { conditions }) });
    } catch (error) {
      if (!(error instanceof OriginFailure)) throw error;
      if (stale !== undefined && mayServeStale(stale, plan.now())) return this.servedStale(plan, key, stale, error.status);
      const page = (await this.pageFor(exchange, error.status)) ?? this.ownError(exchange, error.status);
      return this.kept(key, this.asError(exchange, behavior, page, error.status), "Error");
    }
    if (answer.status === 304 && stale !== undefined) {
      await drain(answer);
      const headers = { ...stale.headers, ...answer.headers };
      return this.kept(key, this.entryOf(exchange, behavior, { ...stale, headers, status: stale.status }), "RefreshHit");
    }
    if (answer.status >= 500 && stale !== undefined && mayServeStale(stale, plan.now())) {
      await drain(answer);
      return this.servedStale(plan, key, stale, answer.status);
    }
    const page = answer.status >= 400 ? await this.pageFor(exchange, answer.status) : undefined;
    if (page !== undefined) {
      await drain(answer);
      return this.kept(key, this.asError(exchange, behavior, page, answer.status), "Error");
    }
    return this.keepOrPass(exchange, behavior, key, answer);
  }

  private async keepOrPass(exchange: Exchange, behavior: Behavior, key: string, answer: OriginAnswer): Promise<Reply> {
    const { plan, request } = exchange;
    const lifetime = lifetimeOf(answer.status, answer.headers, behavior.caching, errorTtl(plan, answer.status), plan.now());
    const isLarge = Number(answer.headers["content-length"] ?? 0) > MOST_KEPT;
    const isEndless = (answer.headers["content-type"] ?? "").startsWith("text/event-stream");
    const isUseful = lifetime.fresh !== undefined && (lifetime.fresh > 0 || conditionsOf(answer.headers) !== undefined);
    if (!isUseful || isLarge || isEndless) {
      this.cache.delete(key);
      return { kind: "stream", answer };
    }
    const body = await bodyOf(answer);
    const accepted = behavior.compress ? acceptedEncodings(behavior.caching, request.headers) : "";
    const packed = await compressed(answer.status, answer.headers, body, accepted);
    const { "content-length": _length, ...headers } = packed?.headers ?? answer.headers;
    const whole = { status: answer.status, headers, body: packed?.body ?? body };
    return this.kept(key, this.entryOf(exchange, behavior, whole), answer.status >= 400 ? "Error" : "Miss");
  }

  private kept(key: string, entry: Entry, result: Result): Reply {
    this.cache.set(key, entry);
    return { kind: "entry", entry, result };
  }

  /** Gives out the old answer, and leaves the origin alone for a while. */
  private servedStale(plan: EdgePlan, key: string, stale: Entry, status: number): Reply {
    const pause = plan.now() + errorTtl(plan, status) * 1000;
    this.cache.set(key, { ...stale, freshUntil: Math.max(stale.freshUntil, pause), lifetime: pausedBy(stale, pause) });
    return { kind: "entry", entry: stale, result: "Hit" };
  }

  private entryOf(
    exchange: Exchange,
    behavior: Behavior,
    { body, headers, status }: Pick<Entry, "body" | "headers" | "status">,
  ): Entry {
    const { plan } = exchange;
    const now = plan.now();
    const lifetime = lifetimeOf(status, headers, behavior.caching, errorTtl(plan, status), now);
    return {
      status,
      headers,
      body,
      lifetime,
      stored: now,
      freshUntil: now + (lifetime.fresh ?? 0) * 1000,
      url: urlOf(exchange, behavior),
    };
  }

  /** An answer that stands for an error is kept as long as the error. */
  private asError(exchange: Exchange, behavior: Behavior, page: Entry, status: number): Entry {
    const now = exchange.plan.now();
    const fresh = errorTtl(exchange.plan, status);
    const lifetime = { fresh, staleWhileRevalidate: 0, staleIfError: 0 };
    return { ...page, lifetime, stored: now, freshUntil: now + fresh * 1000, url: urlOf(exchange, behavior) };
  }

  private ownError({ id }: Exchange, status: number): Entry {
    const { body, headers } = errorPage(status, id);
    const lifetime = { fresh: 0, staleWhileRevalidate: 0, staleIfError: 0 };
    return { status, headers: { ...headers }, body: Buffer.from(body), lifetime, stored: 0, freshUntil: 0, url: "" };
  }

  /** The page that the distribution has for an error; undefined where it has none, or cannot get it. */
  private async pageFor(exchange: Exchange, status: number): Promise<Entry | undefined> {
    const page = exchange.plan.errors.get(status)?.page;
    const behavior = page === undefined ? undefined : behaviorOf(exchange.plan, page.path);
    if (page === undefined || behavior === undefined) return undefined;
    const key = `${NO_PAGES} ${page.path}`;
    const known = this.cache.get(key);
    if (known !== undefined && exchange.plan.now() < known.freshUntil) return { ...known, status: page.status };
    try {
      const ask = { method: "GET", path: page.path, shared: true, signal: this.closing.signal };
      const answer = await askTarget(exchange, behavior, ask);
      if (answer.status !== 200) {
        await drain(answer);
        return undefined;
      }
      const { "content-length": _length, ...headers } = answer.headers;
      const entry = { ...this.entryOf(exchange, behavior, { status: 200, headers, body: await bodyOf(answer) }), url: page.path };
      this.cache.set(key, entry);
      return { ...entry, status: page.status };
    } catch (error) {
      if (error instanceof OriginFailure) return known === undefined ? undefined : { ...known, status: page.status };
      throw error;
    }
  }
}

/** The bound of `stale-if-error` stays where it was, though the answer is put off once more. */
function pausedBy({ freshUntil, lifetime }: Entry, pause: number): Entry["lifetime"] {
  const later = Math.max(0, pause - freshUntil) / 1000;
  return {
    ...lifetime,
    staleWhileRevalidate: 0,
    ...(lifetime.staleIfError !== undefined && { staleIfError: Math.max(0, lifetime.staleIfError - later) }),
  };
}

function errorTtl({ errors }: EdgePlan, status: number): number {
  return errors.get(status)?.ttl ?? ERROR_TTL;
}

function urlOf(exchange: Exchange, { caching }: Behavior): string {
  const query = selectedQuery(exchange.query, caching.query);
  return `${pathOf(exchange)}${query === "" ? "" : `?${query}`}`;
}

async function bodyOf({ body }: OriginAnswer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function drain(answer: OriginAnswer): Promise<void> {
  for await (const _ of answer.body) {
    // Read to its end, so that the connection can be used again.
  }
}
