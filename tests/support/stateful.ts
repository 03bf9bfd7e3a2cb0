import { STATEFUL_TYPES } from "../../ladder/src/stateful-types.ts";
import type { Recorded } from "./record.ts";

/** What the ladder guards, and passwords, which it guards only where they are protected. */
const STATEFUL = new Set([...STATEFUL_TYPES, "random:index/randomPassword:RandomPassword"]);

/** The part of a URN that a program decides: the types from the outermost parent on, and the name. */
export function identity({ urn }: Recorded): string {
  return urn.split("::").slice(2).join("::");
}

/** The identities of all resources whose loss loses data, sorted. */
export function statefulIdentities(resources: readonly Recorded[]): string[] {
  return resources
    .filter(({ type }) => STATEFUL.has(type))
    .map(identity)
    .sort();
}
