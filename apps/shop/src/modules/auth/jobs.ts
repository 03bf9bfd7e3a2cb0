import { z } from "zod";
import type { JobKind } from "../jobs/index.ts";
import type { Auth } from "./auth.ts";

/** Removes what has expired. */
export function sweepSessions(auth: Auth): JobKind {
  return { name: "sweep-sessions", input: z.object({}), everyMinutes: 15, run: () => auth.sweep() };
}

/** Has tokens signed by another key when it is time. */
export function rotateSigningKeys(auth: Auth): JobKind {
  return { name: "rotate-signing-keys", input: z.object({}), everyMinutes: 60, run: () => auth.rotateKeys() };
}
