import assert from "node:assert/strict";
import { query } from "./postgres.ts";
import { until } from "./until.ts";

/** What was sold, what was taken from a million pieces of each product, and what the events told of it are the same. */
export async function sumsAgree(url: string): Promise<void> {
  const taken = async (sum: string): Promise<unknown> => (await query(url, `SELECT (${sum})::int AS n`))[0]?.["n"];
  const sold = await taken("SELECT sum(quantity) FROM billing.order_lines");
  assert.equal(await taken("SELECT sum(1000000 - stock) FROM catalog.products"), sold);
  // The leases of a relay that was killed are over.
  await query(url, "UPDATE billing.outbox SET due_at = now()");
  await until(async () => (await query(url, "SELECT FROM billing.outbox")).length === 0);
  assert.equal(await taken("SELECT sum(sold) FROM catalog.popularity"), sold);
}
