import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "undici";
import { codeOf, without } from "../forward.ts";
import { type Origin, type OriginAnswer, OriginFailure, type OriginRequest } from "./plan.ts";

/** How an origin that speaks HTTP is asked. Times are seconds. */
export interface HttpOriginOptions {
  readonly host: string;
  readonly pathPrefix: string;
  readonly customHeaders: Readonly<Record<string, string>>;
  /** The local port behind it now; a string says why there is none. */
  readonly locate: () => number | string;
  readonly attempts: number;
  readonly connectSeconds: number;
  readonly readSeconds: number;
}

const UNREACHABLE = ["ECONNREFUSED", "UND_ERR_CONNECT_TIMEOUT", "EHOSTUNREACH"];
const RETRY_MS = 50;

/** An origin on this machine, over HTTP: the loopback hop stands for the TLS between CloudFront and the origin. */
export class HttpOrigin implements Origin {
  readonly host: string;
  readonly pathPrefix: string;
  readonly customHeaders: Readonly<Record<string, string>>;
  private readonly options: HttpOriginOptions;
  private readonly pools = new Map<number, Pool>();

  constructor(options: HttpOriginOptions) {
    this.host = options.host;
    this.pathPrefix = options.pathPrefix;
    this.customHeaders = options.customHeaders;
    this.options = options;
  }

  async ask(request: OriginRequest): Promise<OriginAnswer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.askOnce(request);
      } catch (error) {
        if (error instanceof OriginFailure) throw error;
        const code = codeOf(error);
        if (code === "UND_ERR_HEADERS_TIMEOUT")
          throw new OriginFailure(504, `${this.host} did not answer in ${String(this.options.readSeconds)} s`);
        // A connection that never stood may be tried again, whatever was to be sent.
        if (!UNREACHABLE.includes(code) || attempt >= this.options.attempts || request.signal.aborted)
          throw new OriginFailure(502, `${this.host} could not be reached (${code})`);
        await delay(RETRY_MS);
      }
    }
  }

  /** Opens no more connections, and ends those that there are when they are done: what is under way ends where it began. */
  retire(): void {
    for (const pool of this.pools.values()) pool.close().catch(() => undefined);
    this.pools.clear();
  }

  /** Ends its connections. */
  async close(): Promise<void> {
    const pools = [...this.pools.values()];
    this.pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  private async askOnce({ body, headers, method, path, signal }: OriginRequest): Promise<OriginAnswer> {
    const port = this.options.locate();
    if (typeof port === "string") throw new OriginFailure(502, port);
    const answer = await this.poolTo(port).request({ method, path, headers, body: (body ?? null) as never, signal });
    return { status: answer.statusCode, headers: without(answer.headers, []), body: answer.body };
  }

  private poolTo(port: number): Pool {
    const known = this.pools.get(port);
    if (known !== undefined) return known;
    const { connectSeconds, readSeconds } = this.options;
    const pool = new Pool(`http://127.0.0.1:${String(port)}`, {
      connections: 64,
      connect: { timeout: connectSeconds * 1000 },
      headersTimeout: readSeconds * 1000,
      bodyTimeout: 0,
    });
    this.pools.set(port, pool);
    return pool;
  }
}
