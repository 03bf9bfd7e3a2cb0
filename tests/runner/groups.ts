import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The checkout's root folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A set of test files that run together in one process. */
export interface Group {
  readonly name: string;
  /** What it covers, for `--help`. */
  readonly about: string;
  readonly include: string;
  readonly exclude: readonly string[];
  /** True when its tests drive the real engine, and so need the Pulumi CLI. */
  readonly needsCli: boolean;
  /** The longest it may take, in seconds. */
  readonly totalSeconds: number;
}

/** Every group, in the order they run: the quickest to fail first. */
export const groups: readonly Group[] = [
  {
    name: "unit",
    about: "components, stages, policies, the sandbox's parts, this house",
    include: "tests/**/*.test.ts",
    exclude: ["tests/engine/**", "tests/e2e/**"],
    needsCli: false,
    totalSeconds: 2400,
  },
  {
    name: "engine",
    about: "the real Pulumi engine against the sandbox",
    include: "tests/engine/**/*.test.ts",
    exclude: [],
    needsCli: true,
    totalSeconds: 1800,
  },
];

/** The group's test files, as absolute paths in a steady order. */
export function filesOf(group: Group): string[] {
  const exclude = ["**/node_modules/**", ...group.exclude];
  return globSync(group.include, { cwd: root, exclude })
    .sort()
    .map((file) => `${root}${file}`);
}

/**
 * The groups asked for by name, or all of them.
 * @throws Error naming every unknown group and the known ones.
 */
export function chooseGroups(names: readonly string[]): readonly Group[] {
  const unknown = names.filter((name) => !groups.some((group) => group.name === name));
  const known = groups.map((group) => group.name).join(", ");
  if (unknown.length > 0) throw new Error(`unknown test group: ${unknown.join(", ")}. Known: ${known}.`);
  return names.length === 0 ? groups : groups.filter((group) => names.includes(group.name));
}
