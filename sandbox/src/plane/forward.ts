import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { Pool } from "undici";

/** How one request is passed on. */
export interface Passage {
  /** The headers with which it reaches the program. */
  readonly headers: IncomingHttpHeaders;
  /** Path and query with which it reaches the program. @default - as the client wrote them */
  readonly path?: string;
  /** Told once the program begins to answer; gives the headers that the client gets. @default - those of the program */
  readonly answer?: (status: number, headers: IncomingHttpHeaders) => IncomingHttpHeaders;
  /** How long the program may say nothing, before its answer and within it, in milliseconds. @default - what the pool allows */
  readonly silenceMs?: number;
}

/** Headers that belong to one connection only (RFC 9110, section 7.6.1); `expect` has been answered by then. */
const PER_CONNECTION = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
];

/**
 * Passes a request on, streaming both bodies, and resolves when the answer is through. Rejects with the connection's error; as long as no headers were sent the
 * client can then still be answered. A client that leaves ends the request.
 */
export async function forward(
  pool: Pool,
  request: IncomingMessage,
  response: ServerResponse,
  { headers, path = request.url ?? "/", answer = (_status, given) => given, silenceMs }: Passage,
): Promise<void> {
  const gone = new AbortController();
  const abort = (): void => {
    if (!response.writableFinished) gone.abort();
  };
  response.once("close", abort);
  try {
    await pool.stream(
      {
        path,
        method: request.method ?? "GET",
        headers,
        body: hasBody(request) ? bodyOf(request) : null,
        signal: gone.signal,
        ...(silenceMs !== undefined && { headersTimeout: silenceMs, bodyTimeout: silenceMs }),
      },
      ({ statusCode, headers: given }) => response.writeHead(statusCode, answer(statusCode, answerHeaders(given))),
    );
  } finally {
    response.off("close", abort);
  }
}

/** The headers without these, without those of the connection, and without those that the `connection` header names. */
export function without(headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders {
  const named = (headers.connection ?? "").toLowerCase().split(/\s*,\s*/);
  const dropped = new Set([...PER_CONNECTION, ...names, ...named]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}

/** Whether the request carries a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** The code of a failed connection, such as `ECONNREFUSED` or `UND_ERR_HEADERS_TIMEOUT`; the error's name where it has none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.cause === undefined ? error.name : codeOf(error.cause);
}

/** The headers of an answer as Node.js itself gives them: cookies are a list, also where it is one only. */
function answerHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { "set-cookie": cookies, ...others } = without(headers, []);
  return { ...others, ...(cookies !== undefined && { "set-cookie": [cookies].flat() }) };
}

/** The body, read only once the connection stands. A failure in between leaves the request whole, so that it can be answered or sent again. */
function bodyOf(request: IncomingMessage): Readable {
  return Readable.from(request.iterator({ destroyOnReturn: false }), { objectMode: false });
}
