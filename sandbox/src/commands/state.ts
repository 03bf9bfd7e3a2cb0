import { existsSync, readFileSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { identify } from "../plane/process-identity.ts";
import { UserError, messageOf } from "../toolchain/user-error.ts";
import { type SandboxContext, stateFile } from "./context.ts";

/** What is read from the state file of a stack. */
export interface StackState {
  readonly resources: number;
  /** Operations that were under way when the last run was cut off. */
  readonly pendingOperations: number;
  /** The salt of the passphrase that encrypts the stack's secrets. */
  readonly salt: string | undefined;
}

interface Checkpoint {
  readonly checkpoint?: {
    readonly latest?: {
      readonly resources?: unknown[];
      readonly pending_operations?: unknown[];
      readonly secrets_providers?: { readonly state?: { readonly salt?: string } };
    };
  };
}

/** The stack's state, or undefined when the stack does not exist. Throws a {@link UserError} when the file is cut off or damaged. */
export function readState(context: SandboxContext): StackState | undefined {
  const file = stateFile(context);
  if (!existsSync(file)) return undefined;
  const latest = parseState(file).checkpoint?.latest;
  return {
    resources: latest?.resources?.length ?? 0,
    pendingOperations: latest?.pending_operations?.length ?? 0,
    salt: latest?.secrets_providers?.state?.salt,
  };
}

function parseState(file: string): Checkpoint {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Checkpoint;
  } catch (error) {
    throw new UserError(
      "The stack's state file is damaged.",
      [`file: ${file}`, `reason: ${messageOf(error)}`, ...wayBack(file)],
      {
        cause: error,
      },
    );
  }
}

function wayBack(file: string): string[] {
  const afresh = "To start afresh: npm run sandbox -- reset --yes";
  const copy = `${file}.bak`;
  try {
    JSON.parse(readFileSync(copy, "utf8"));
  } catch {
    return [`There is no whole copy beside it (${copy}).`, afresh];
  }
  return [
    "The copy from before the last change is whole. To go back to it, and then see what has changed since:",
    `  cp '${copy}' '${file}' && npm run pulumi -- refresh`,
    afresh,
  ];
}

/** A lock that the Pulumi CLI has put on the stack. */
export interface StackLock {
  readonly file: string;
  /** True when the process that made it is gone, so nothing will ever lift it. */
  readonly stale: boolean;
  readonly owner: string;
}

/** The locks on the stack. One made on another machine is not called stale: whether its process still runs cannot be told here. */
export function readLocks(context: SandboxContext, of: typeof identify = identify): StackLock[] {
  const directory = join(context.home, "state", ".pulumi", "locks", "organization", context.project, context.stack);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .map((name) => readLock(join(directory, name), of));
}

function readLock(file: string, of: typeof identify): StackLock {
  let made: { pid?: number; hostname?: string; username?: string };
  try {
    made = JSON.parse(readFileSync(file, "utf8")) as typeof made;
  } catch {
    // Cut off while it was written: its writer cannot have gone on to work.
    return { file, stale: true, owner: "a run that was cut off" };
  }
  const owner = `process ${String(made.pid)} of ${made.username ?? "unknown"} on ${made.hostname ?? "unknown"}`;
  const here = made.hostname === hostname() && made.pid !== undefined;
  return { file, stale: here && !(of(made.pid ?? 0)?.commandLine.includes("pulumi") ?? false), owner };
}

/** Throws when another run is at work on the stack; true when only stale locks are there to be cleared. */
export function hasOnlyStaleLocks(locks: readonly StackLock[]): boolean {
  const live = locks.filter((lock) => !lock.stale);
  if (live.length > 0) {
    throw new UserError("Another Pulumi run is at work on this stack.", [
      ...live.map((lock) => `by: ${lock.owner}`),
      "Wait for it to end. If you know that it is gone: npm run pulumi -- cancel --yes",
    ]);
  }
  return locks.length > 0;
}
