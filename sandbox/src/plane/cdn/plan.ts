import type { IncomingHttpHeaders } from "node:http";
import type { Asked } from "../load-balancer/request.ts";

/** Which of a request's headers, cookies or query parameters count. Names of headers are in small letters. */
export interface Selection {
  readonly kind: "none" | "all" | "only" | "except";
  readonly names: readonly string[];
}

/** What a request is known by, and how long its answer is kept. Times are seconds. */
export interface Caching {
  readonly minTtl: number;
  readonly defaultTtl: number;
  readonly maxTtl: number;
  /** Whether clients that take gzip, or Brotli, have answers of their own. */
  readonly gzip: boolean;
  readonly brotli: boolean;
  readonly query: Selection;
  readonly headers: Selection;
  readonly cookies: Selection;
}

/** What of a request goes to the origin beside what it is known by. */
export interface Forwarding {
  readonly query: Selection;
  readonly headers: Selection;
  readonly cookies: Selection;
}

/** A header that answers get: over what the origin says, or only where it says nothing. */
export interface ExtraHeader {
  readonly name: string;
  readonly value: string;
  readonly overrides: boolean;
}

/** What is added to answers and taken from them; asked for each, as cross-origin headers depend on the request. */
export interface AnswerHeaders {
  readonly add: (request: IncomingHttpHeaders, method: string) => readonly ExtraHeader[];
  readonly remove: readonly string[];
}

/** What happens to requests for some paths. */
export interface Behavior {
  /** `*` is any text, `?` one character. */
  readonly pattern: string;
  /** Id of an origin, or of a group of two. */
  readonly target: string;
  readonly protocol: "allow-all" | "redirect-to-https" | "https-only";
  readonly allowedMethods: readonly string[];
  readonly cachedMethods: readonly string[];
  readonly compress: boolean;
  readonly caching: Caching;
  readonly forwarding: Forwarding;
  readonly answerHeaders: AnswerHeaders | undefined;
}

/** A request as it goes to an origin. */
export interface OriginRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array> | undefined;
  readonly signal: AbortSignal;
}

/** What an origin answers. */
export interface OriginAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Where answers come from. */
export interface Origin {
  /** The host that it is asked for where nothing else says so. */
  readonly host: string;
  /** Stands before every path that it is asked for; begins with a slash, or is empty. */
  readonly pathPrefix: string;
  /** Headers of its own, over those of the client. */
  readonly customHeaders: Readonly<Record<string, string>>;
  /** Rejects with an {@link OriginFailure} where nothing answers. */
  readonly ask: (request: OriginRequest) => Promise<OriginAnswer>;
}

/** An origin that did not answer: 502 where it could not be reached, 504 where it took too long. */
export class OriginFailure extends Error {
  readonly status: 502 | 504;
  constructor(status: 502 | 504, message: string) {
    super(message);
    this.name = "OriginFailure";
    this.status = status;
  }
}

/** Two origins, of which the second is asked when the first answers so, or not at all. */
export interface OriginGroup {
  readonly members: readonly string[];
  readonly statuses: readonly number[];
}

/** What is answered in place of an error. */
export interface ErrorRule {
  /** Seconds for which the error is kept. */
  readonly ttl: number;
  /** @default - the error itself */
  readonly page?: { readonly path: string; readonly status: number };
}

/** A request that was answered, for logs and metrics. */
export interface Served {
  readonly at: number;
  readonly milliseconds: number;
  readonly client: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly status: number;
  /** `Hit`, `RefreshHit`, `Miss`, `Error`, `Redirect`. */
  readonly result: string;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly requestId: string;
  readonly headers: IncomingHttpHeaders;
  readonly secure: boolean;
  readonly contentType: string;
}

/** An answer that is not from an origin. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a firewall says: an answer of its own, or headers that the request goes on with. */
export interface Verdict {
  readonly refusal: OwnAnswer | undefined;
  readonly insert: Readonly<Record<string, string>>;
}

/** A distribution as its edge plays it. */
export interface EdgePlan {
  /** Its id. */
  readonly id: string;
  /** Names by which it may be asked, in small letters, its own first. */
  readonly names: readonly string[];
  /** By precedence; the last one is for every path. */
  readonly behaviors: readonly Behavior[];
  readonly origins: ReadonlyMap<string, Origin>;
  readonly groups: ReadonlyMap<string, OriginGroup>;
  readonly errors: ReadonlyMap<number, ErrorRule>;
  /** What `/` stands for, without a slash; empty for itself. */
  readonly rootObject: string;
  /** Asks the firewall, where there is one. */
  readonly inspect: ((asked: Asked) => Verdict) | undefined;
  readonly served: (served: Served) => void;
  readonly now: () => number;
}
