import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

/** Somebody who buys, over the product's API, and remembers what was acknowledged. */
export class Shopper {
  /** Ids of the orders that the shop has said are placed. */
  readonly acknowledged = new Set<string>();
  private readonly url: string;
  private readonly token: string;
  private readonly productId: string;
  private stopped = false;

  private constructor(url: string, token: string, productId: string) {
    this.url = url;
    this.token = token;
    this.productId = productId;
  }

  /** Signs up and in, and picks the product with the largest stock. */
  static async signUp(url: string): Promise<Shopper> {
    const account = { email: `${randomUUID()}@example.com`, password: `correct horse ${randomUUID()}` };
    await call(url, "POST", "/api/users", account);
    const { token } = (await call(url, "POST", "/api/sessions", account)) as { token: string };
    const { items } = (await call(url, "GET", "/api/products")) as { items: { id: string; stock: number }[] };
    const [product] = items.toSorted((one, other) => other.stock - one.stock);
    assert.ok(product);
    return new Shopper(url, token, product.id);
  }

  /** The same person at another address of the same shop. */
  at(url: string): Shopper {
    return new Shopper(url, this.token, this.productId);
  }

  /** Buys one piece after the other until told to stop. Each order is tried again, under the same key, until the shop acknowledges it. */
  async buyUntilStopped(): Promise<void> {
    while (!this.stopped) {
      const key = randomUUID();
      for (;;) {
        const id = await this.buy(key).catch(() => undefined);
        if (id !== undefined) {
          this.acknowledged.add(id);
          break;
        }
      }
    }
  }

  stop(): void {
    this.stopped = true;
  }

  /** The ids of all orders that the shop has stored for this shopper. */
  async orders(): Promise<Set<string>> {
    const ids = new Set<string>();
    let cursor: string | undefined;
    do {
      const query = cursor === undefined ? "" : `?before=${encodeURIComponent(cursor)}`;
      const page = (await call(this.url, "GET", `/api/orders${query}`, undefined, this.headers())) as {
        items: { id: string }[];
        next?: string | null;
      };
      for (const { id } of page.items) ids.add(id);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return ids;
  }

  private async buy(key: string): Promise<string> {
    const order = { lines: [{ productId: this.productId, quantity: 1 }] };
    const headers = { ...this.headers(), "idempotency-key": key };
    return ((await call(this.url, "POST", "/api/orders", order, headers)) as { id: string }).id;
  }

  private headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }
}

async function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${text}`);
  return JSON.parse(text);
}
