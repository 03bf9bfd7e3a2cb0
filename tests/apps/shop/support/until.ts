import { setTimeout as delay } from "node:timers/promises";
import type { Shop } from "../../../../apps/shop/src/shop.ts";

/** Resolves when it holds; between two looks others have their turn. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(5);
}

/** Lets a shop do its background work until it holds. */
export async function workUntil(shop: Shop, holds: () => boolean | Promise<boolean>): Promise<void> {
  const stop = new AbortController();
  const working = shop.work(stop.signal);
  try {
    await until(holds);
  } finally {
    stop.abort();
    await working;
  }
}
