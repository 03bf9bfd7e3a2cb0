import { z } from "zod";
import type { JobKind } from "../jobs/index.ts";
import type { Auth } from "./auth.ts";

/** Removes what has expired. */
export function sweepSessions(auth: Auth): JobKind {
  return { name: "sweep-sessions", input: z.object({}), everyMinutes: 15, run: () => auth.sweep() };
}
