import { isDeepStrictEqual } from "node:util";
import type { ResourceDefinition } from "./definition.ts";
import { hasUnknown, isProps, type Props, UNKNOWN, type Value } from "./values.ts";

/** One changed input. */
export interface Change {
  /** Where: `tags.Name`, `ingress[0].fromPort`. */
  readonly path: string;
  readonly kind: "add" | "update" | "delete";
  /** Whether the real provider would make a new resource for it. */
  readonly replace: boolean;
}

/** What differs between the inputs of before and those of now. A value not known yet counts as changed, as it does in the cloud's provider. */
export function changesOf(
  definition: Pick<ResourceDefinition, "replaceOn" | "alsoReplaceOn">,
  before: Props,
  now: Props,
): Change[] {
  const replacing = [...definition.replaceOn, ...(definition.alsoReplaceOn?.(before, now) ?? [])];
  const replaces = (path: string): boolean => {
    const bare = path.replaceAll(/\[\d+\]/g, "");
    return replacing.some((fixed) => bare === fixed || bare.startsWith(`${fixed}.`) || fixed.startsWith(`${bare}.`));
  };
  return compare("", before, now).map(({ whole, ...change }) => {
    // Of an object that comes or goes as a whole, only what is in it counts.
    const paths = whole === undefined ? [change.path] : leavesOf(change.path, whole);
    return { ...change, replace: paths.some(replaces) };
  });
}

/** A change, and what has come or gone with it where that is an object. */
interface Bare extends Omit<Change, "replace"> {
  readonly whole?: Props;
}

/** Paths of the plain values in a value. */
function leavesOf(path: string, value: Value | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(`${path}[${index}]`, item));
  if (!isProps(value)) return absent(value) ? [] : [path];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(`${path}.${name}`, member));
}

function compare(path: string, before: Value | undefined, now: Value | undefined): Bare[] {
  if (absent(before) && absent(now)) return [];
  if (absent(before)) return [{ path, kind: "add", ...(isProps(now) && { whole: now }) }];
  if (absent(now)) return [{ path, kind: "delete", ...(isProps(before) && { whole: before }) }];
  if (now === UNKNOWN) return [{ path, kind: "update" }];
  if (!hasUnknown(now) && isDeepStrictEqual(before, now)) return [];
  if (Array.isArray(before) && Array.isArray(now)) {
    const length = Math.max(before.length, now.length);
    return Array.from({ length }, (_, index) => compare(`${path}[${index}]`, before[index], now[index])).flat();
  }
  if (isProps(before) && isProps(now)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) => name !== "__defaults");
    return names.flatMap((name) => compare(path === "" ? name : `${path}.${name}`, before[name], now[name]));
  }
  return [{ path, kind: "update" }];
}

function absent(value: Value | undefined): value is undefined | null {
  return value === undefined || value === null;
}
