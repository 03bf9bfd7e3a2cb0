import type { FastifyRequest } from "fastify";

/** Finds out who asks. @throws Problem 401 */
export type Identify = (request: FastifyRequest) => Promise<{ readonly userId: string }>;
