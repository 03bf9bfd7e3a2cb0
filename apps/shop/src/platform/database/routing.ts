import { AsyncLocalStorage } from "node:async_hooks";

/** What is known of the one on whose behalf statements run, such as one request. */
export interface Reading {
  /** How far a replica must have come before it is read from: a position in the writer's log; `"unknown"` leaves replicas out. */
  readonly after: string | undefined;
  /** Becomes true when something was perhaps written. */
  wrote: boolean;
}

interface Scope {
  readonly reading: Reading | undefined;
  readonly fromReplica: boolean;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Runs what follows, and all that it begins, on behalf of this one. */
export function onBehalfOf<T>(reading: Reading, run: () => T): T {
  return scopes.run({ reading, fromReplica: false }, run);
}

/**
 * Lets a replica answer the SELECTs of `read`, where there is one that is near enough. For what may be a moment old; whoever has just written something sees it
 * all the same, because their reads wait for nothing: they go to the writer until the replica has come so far.
 */
export function fromReplica<T>(read: () => T): T {
  return scopes.run({ reading: scopes.getStore()?.reading, fromReplica: true }, read);
}

/** What holds for a statement that runs now. */
export function currentScope(): Scope | undefined {
  return scopes.getStore();
}

/** Whether a statement certainly writes nothing. */
export function isSelect(text: string): boolean {
  return (
    /^\s*SELECT\b/i.test(text) &&
    !/\bFOR\s+(NO\s+KEY\s+)?(UPDATE|(KEY\s+)?SHARE)\b/i.test(text) &&
    !/\bpg_(try_)?advisory|\bnextval\b|\bset_config\b/i.test(text)
  );
}
