import type { Change } from "./changes.ts";
import { STATEFUL_TYPES } from "./stateful-types.ts";

/** A stateful resource that a change would replace or delete. */
export interface Breach {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly harm: "replaced" | "deleted";
  /** Why the engine would do it. */
  readonly why: string;
  /** How to get what is wanted without it. */
  readonly mend: string;
}

/** What leaves the stack and loses nothing, with the reason; people are told before it happens. */
export interface Farewell {
  readonly type: string;
  readonly name: string;
  /** `retained` stays in the cloud; `copy` holds only what stands elsewhere as well; `diagnostic` tells only of what goes with it. */
  readonly kind: "retained" | Spared;
}

/**
 * A tag that says of a resource of a stateful type why nothing is lost with it: `copy`, all it holds stands elsewhere as well, such as a cache, a
 * reader or a queue of references; `diagnostic`, a log that nobody misses once that is gone of which it tells.
 */
export const DATA_TAG = "platform:data";

const SPARED = ["copy", "diagnostic"] as const;
type Spared = (typeof SPARED)[number];

const REPLACING = new Set(["replace", "create-replacement", "delete-replaced", "discard-replaced"]);
const DELETING = new Set(["delete", "discard"]);

/** Every stateful resource that the change would replace or delete, one finding each, in the order of the preview. */
export function breaches(changes: readonly Change[]): Breach[] {
  const found = new Map<string, Breach>();
  for (const change of changes) {
    const harm = harmOf(change);
    if (harm === undefined || sparedAs(change) !== undefined || found.has(change.urn)) continue;
    found.set(change.urn, { ...pick(change), urn: change.urn, harm, ...reasonOf(change, harm, changes) });
  }
  return [...found.values()];
}

/** What the change deletes or lets go although it is of a stateful type, because nothing is lost by it. */
export function farewells(changes: readonly Change[]): Farewell[] {
  return changes.flatMap((change) => {
    const kind = harmOf(change) === "deleted" ? sparedAs(change) : undefined;
    return kind === undefined ? [] : [{ ...pick(change), kind }];
  });
}

/** Everything that leaves the stack, stateful or not, components left out. */
export function removals(changes: readonly Change[]): readonly Change[] {
  return changes.filter(({ before, op }) => DELETING.has(op) && before?.custom === true);
}

function pick({ name, type }: Change): Pick<Breach, "name" | "type"> {
  return { name, type };
}

function harmOf({ before, op, type }: Change): Breach["harm"] | undefined {
  if (!STATEFUL_TYPES.has(type) && before?.protect !== true) return undefined;
  if (REPLACING.has(op)) return "replaced";
  return DELETING.has(op) ? "deleted" : undefined;
}

/** A replacement of a copy costs time, not data; a retained one is spared only from deletion, for its successor starts empty. */
function sparedAs({ before, op }: Change): Farewell["kind"] | undefined {
  if (DELETING.has(op) && before?.retainOnDelete === true) return "retained";
  const tags = before?.inputs["tags"];
  const value = typeof tags === "object" && tags !== null ? (tags as Record<string, unknown>)[DATA_TAG] : undefined;
  return SPARED.find((kind) => kind === value);
}

function reasonOf(change: Change, harm: Breach["harm"], changes: readonly Change[]): Pick<Breach, "why" | "mend"> {
  if (harm === "replaced") {
    const inputs =
      change.replaceReasons.length > 0 ? change.replaceReasons.join(", ") : "an input that the provider cannot change";
    return {
      why: `a change of ${inputs} makes a new one`,
      mend: `Take the change back, or move the data first. Where the new value says the same as the old one: ignoreChanges: [${quoted(change.replaceReasons)}].`,
    };
  }
  const heir = changes.find(({ op, type, urn }) => op === "create" && type === change.type && urn !== change.urn);
  if (heir === undefined)
    return {
      why: "it is no longer in the program",
      mend: "Put it back. To part with it on purpose: set retainOnDelete: true in one update, and take it out in the next.",
    };
  return {
    why: `its name or its parent changed (${heir.name} is made instead)`,
    mend: `Give ${heir.name} an alias: aliases: ["${change.urn}"].`,
  };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}
