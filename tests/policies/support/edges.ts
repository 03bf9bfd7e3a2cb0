import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ask } from "./ask.ts";
import type { RuleCases } from "./cases.ts";
import { type Mutant, mutantsOf } from "./mutations.ts";

/** What a rule says to every mutant of every passing case: the lines of its answer, by the mutant's name, by the case. */
export type Edges = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** How a rule fares against the mutants of its passing cases. */
export interface Mutations {
  readonly caught: readonly string[];
  /** Those that leave the case right, for the reason that the rule's cases give. */
  readonly harmless: readonly string[];
  /** Those that the rule lets through, and nobody says why. */
  readonly missed: readonly string[];
  /** Reasons that no mutant needs. */
  readonly stale: readonly string[];
}

/** Runs every mutant of a rule's passing cases. */
export function mutationsOf(cases: RuleCases): Mutations {
  const { passes, rule, survives = {} } = cases;
  const patterns = Object.keys(survives).map((glob) => ({ glob, matches: globbed(glob) }));
  const used = new Set<string>();
  const sorted = { caught: [] as string[], harmless: [] as string[], missed: [] as string[] };
  for (const [title, each] of Object.entries(passes)) {
    if (each.cannotBreak !== undefined) continue;
    for (const mutant of mutantsOf(rule, each)) {
      const reason = patterns.find(({ matches }) => matches.test(mutant.name));
      const kind = isCaught(cases, mutant) ? "caught" : reason === undefined ? "missed" : "harmless";
      if (kind === "harmless" && reason !== undefined) used.add(reason.glob);
      sorted[kind].push(`${mutant.name} (in: ${title})`);
    }
  }
  return { ...sorted, stale: patterns.map(({ glob }) => glob).filter((glob) => !used.has(glob)) };
}

function globbed(glob: string): RegExp {
  const literal = glob.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`);
}

/** What the rule says now. */
export function edgesOf({ passes, rule }: RuleCases): Edges {
  return Object.fromEntries(
    Object.entries(passes).map(([title, each]) => [
      title,
      Object.fromEntries(
        mutantsOf(rule, each).map(({ cases, name }) => [name, cases.map((mutant) => lineOf(ask(rule, mutant)))] as const),
      ),
    ]),
  );
}

/** Whether a rule objects to a mutant, or says that it cannot know. */
function isCaught({ rule }: RuleCases, { cases }: Mutant): boolean {
  return cases.some((mutant) => {
    const { open, says } = ask(rule, mutant);
    return says.length > 0 || open.length > 0;
  });
}

/** The recorded answers of a rule; undefined when there are none. */
export function recordedEdges(id: string): Edges | undefined {
  try {
    return JSON.parse(readFileSync(edgesFile(id), "utf8")) as Edges;
  } catch {
    return undefined;
  }
}

/** Where they are recorded. */
export function edgesFile(id: string): string {
  return join(import.meta.dirname, "../edges", `${id}.json`);
}

function lineOf({ open, says, skipped }: ReturnType<typeof ask>): string {
  const parts = [
    ...says,
    ...(open.length > 0 ? [`unknown: ${open.join(", ")}`] : []),
    ...skipped.map((why) => `skipped: ${why}`),
  ];
  return parts.length === 0 ? "passes" : parts.join(" ");
}
