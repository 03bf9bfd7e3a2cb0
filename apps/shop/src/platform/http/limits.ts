import rateLimit, { type FastifyRateLimitStore } from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Hits } from "./hits.ts";
import { problems } from "./problem.ts";

/** How many requests of a kind one address may make in a minute. */
export interface Limits {
  /** @default 30 */
  readonly logInsPerMinute: number;
  /** @default 20 */
  readonly signUpsPerMinute: number;
}

export const usualLimits: Limits = { logInsPerMinute: 30, signUpsPerMinute: 20 };

/** Counts a request against its limit. @throws Problem 429 */
export type Limiter = (request: FastifyRequest) => Promise<void>;

/** The limiters, the same for all processes. Forms and API share them, so that neither is a way around the other. */
export interface Limiters {
  readonly logIn: Limiter;
  readonly signUp: Limiter;
}

export async function createLimiters(app: FastifyInstance, limits: Limits, hits: Hits): Promise<Limiters> {
  const limiter = async (max: number, what: string): Promise<Limiter> => {
    const { promise, resolve } = Promise.withResolvers<Limiter>();
    // A context of its own: each limiter counts apart from the others.
    await app.register(async (context) => {
      await context.register(rateLimit, { global: false, store: storeOf(hits, what) });
      // A household has one IPv4 address, or one /64 of IPv6.
      const count = context.createRateLimit({ max, timeWindow: 60_000, ipv6Subnet: 64 });
      resolve(async (request) => {
        const answer = await count(request);
        if (!answer.isAllowed && answer.isExceeded) throw problems.tooMany(what, Math.max(1, answer.ttlInSeconds));
      });
    });
    return promise;
  };
  return {
    logIn: await limiter(limits.logInsPerMinute, "log-ins"),
    signUp: await limiter(limits.signUpsPerMinute, "sign-ups"),
  };
}

/** Where the plugin counts: in the table of hits. */
function storeOf(hits: Hits, what: string): new () => FastifyRateLimitStore {
  return class implements FastifyRateLimitStore {
    incr(key: string, done: (error: Error | null, result?: { current: number; ttl: number }) => void, windowMs = 60_000): void {
      hits.count(`${what} ${key}`, windowMs).then(
        (result) => done(null, result),
        (error: unknown) => done(error as Error),
      );
    }
    child(): FastifyRateLimitStore {
      return this;
    }
  };
}
