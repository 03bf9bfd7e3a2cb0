import { gunzipSync } from "node:zlib";
import type { LightMyRequestResponse } from "fastify";
import { query } from "./postgres.ts";
import type { TestShop } from "./shop.ts";
import { workUntil } from "./until.ts";

/** The content of a copy as it was sent. */
export function readCopy(response: LightMyRequestResponse): Record<string, unknown> {
  return JSON.parse(gunzipSync(response.rawPayload).toString()) as Record<string, unknown>;
}

/** Lets the shop work until no job of this kind waits or runs any more. */
export async function workOff(shop: TestShop, kind: string): Promise<void> {
  await workUntil(shop, async () => {
    const open = await query(shop.databaseUrl, "SELECT FROM jobs.jobs WHERE kind = $1 AND state IN ('waiting', 'running')", [
      kind,
    ]);
    return open.length === 0;
  });
}
