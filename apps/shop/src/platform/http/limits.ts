import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
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

/** The limiters of this process. Forms and API share them, so that neither is a way around the other. */
export interface Limiters {
  readonly logIn: Limiter;
  readonly signUp: Limiter;
}

export async function createLimiters(app: FastifyInstance, limits: Limits): Promise<Limiters> {
  await app.register(rateLimit, { global: false });
  const limiter = (max: number, what: string): Limiter => {
    // A household has one IPv4 address, or one /64 of IPv6.
    const count = app.createRateLimit({ max, timeWindow: 60_000, ipv6Subnet: 64 });
    return async (request) => {
      const answer = await count(request);
      if (!answer.isAllowed && answer.isExceeded) throw problems.tooMany(what, Math.max(1, answer.ttlInSeconds));
    };
  };
  return { logIn: limiter(limits.logInsPerMinute, "log-ins"), signUp: limiter(limits.signUpsPerMinute, "sign-ups") };
}
