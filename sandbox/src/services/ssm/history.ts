import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import type { Space } from "../../core/world.ts";
import { text } from "../../core/values.ts";
import { valueIn } from "./store.ts";

/** Versions that are kept of one parameter (Systems Manager User Guide, "Working with parameter versions"). */
const MOST_VERSIONS = 100;

/** One version of a parameter. */
// A type, not an interface: only a type alias may stand where the world's JSON values are asked for.
export type ParameterVersion = {
  version: number;
  value: string;
  type: string;
  description: string;
  /** The key of a SecureString; empty for other types. */
  keyId: string;
  /** Milliseconds since the epoch. */
  modified: number;
};

/** The versions of a parameter, oldest first; the last one is what a reader gets. */
export function historyOf(cloud: Cloud, name: string, region: string): ParameterVersion[] {
  return space(cloud, region).get(name) ?? [];
}

/** Notes what a parameter holds from now on, as its next version. Returns the number of that version: 1 for the first. */
export function record(cloud: Cloud, name: string, region: string, outputs: Resource["outputs"]): number {
  const before = historyOf(cloud, name, region);
  const version = (before.at(-1)?.version ?? 0) + 1;
  const entry = {
    version,
    value: valueIn(outputs),
    type: text(outputs, "type"),
    description: text(outputs, "description"),
    keyId: text(outputs, "keyId"),
    modified: cloud.now(),
  };
  space(cloud, region).set(name, [...before, entry].slice(-MOST_VERSIONS));
  return version;
}

/** Forgets all versions of a parameter. */
export function forgetHistory(cloud: Cloud, name: string, region: string): void {
  space(cloud, region).delete(name);
}

function space(cloud: Cloud, region: string): Space<ParameterVersion[]> {
  return cloud.world.space<ParameterVersion[]>(`ssm/${region}`);
}
