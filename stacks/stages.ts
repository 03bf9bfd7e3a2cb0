import { monolith } from "./1-monolith.ts";
import type { Stage } from "./contract.ts";

/** Every stage, smallest first, by the name that `platform:stage` takes. */
export const stages: Readonly<Record<string, Stage>> = { monolith };
