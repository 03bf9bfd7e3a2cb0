import { randomUUID } from "node:crypto";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";

/** A password that sign-up takes. */
export const PASSWORD = "correct horse battery staple";

/** A customer of the API: one account, logged in. */
export interface Customer {
  readonly email: string;
  readonly token: string;
  /** Asks with the token. */
  ask(
    method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE",
    url: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<LightMyRequestResponse>;
  /** Orders under a key, which is a new one unless given. */
  order(lines: readonly { productId: string; quantity: number }[], key?: string): Promise<LightMyRequestResponse>;
}

/** Signs somebody up and logs them in. */
export async function newCustomer(app: FastifyInstance): Promise<Customer> {
  const email = `${randomUUID()}@example.com`;
  const account = { email, password: PASSWORD };
  await app.inject({ method: "POST", url: "/api/users", payload: account });
  const { token } = (await app.inject({ method: "POST", url: "/api/sessions", payload: account })).json<{ token: string }>();
  const ask: Customer["ask"] = (method, url, body, headers = {}) => {
    const request: InjectOptions = { method, url, headers: { authorization: `Bearer ${token}`, ...headers } };
    return app.inject(body === undefined ? request : { ...request, payload: body });
  };
  return {
    email,
    token,
    ask,
    order: (lines, key = randomUUID()) => ask("POST", "/api/orders", { lines }, { "idempotency-key": key }),
  };
}
