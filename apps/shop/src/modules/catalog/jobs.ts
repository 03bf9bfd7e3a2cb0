import { z } from "zod";
import type { JobKind } from "../jobs/index.ts";
import type { Catalog } from "./catalog.ts";

/** Forgets events that cannot come again. */
export function sweepCatalog(catalog: Catalog): JobKind {
  return { name: "sweep-catalog", input: z.object({}), everyMinutes: 24 * 60, run: () => catalog.sweep() };
}
