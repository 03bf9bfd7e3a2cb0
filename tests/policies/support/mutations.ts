import type { Rule } from "../../../policies/framework/rule.ts";
import { isRecord, UNKNOWN } from "../../../policies/framework/values.ts";
import { resourcesOf } from "./ask.ts";
import { type Case, type FixtureResource, isOne } from "./cases.ts";

/** A passing case, broken in one place. */
export interface Mutant {
  /** Where and how: `PATH: MUTATION`, in a stack with the resource's name before it. */
  readonly name: string;
  /** The ways in which it is broken; it is caught when the rule objects to any. */
  readonly cases: readonly Case[];
}

type Path = readonly (string | number)[];

/**
 * Every mutant of a case: each property left out, emptied, changed and made unknown; in a stack, also each
 * resource left out that the rule does not judge but looks for.
 */
export function mutantsOf(rule: Rule, original: Case): Mutant[] {
  const resources = resourcesOf(original.given);
  const prefix = (name: string): string => (isOne(original.given) ? "" : `${name}: `);
  const withResource = (name: string, resource: FixtureResource | undefined): Case => {
    if (isOne(original.given)) return { ...original, given: resource ?? original.given };
    const { [name]: _old, ...others } = resources;
    return { ...original, given: resource === undefined ? others : { ...resources, [name]: resource } };
  };
  return Object.entries(resources).flatMap(([name, [type, inputs]]) => [
    ...(isOne(original.given) || rule.checks.has(type)
      ? []
      : [{ name: `${name}: left out`, cases: [withResource(name, undefined)] }]),
    ...pathsOf(inputs).flatMap((path) =>
      changesOf(valueAt(inputs, path)).map(([mutation, values]) => ({
        name: `${prefix(name)}${spelt(path)}: ${mutation}`,
        cases: values.map((value) => withResource(name, [type, changed(inputs, path, value)])),
      })),
    ),
  ]);
}

/** Takes the place of what is left out. */
const LEFT_OUT = Symbol("left out");

function changesOf(value: unknown): [mutation: string, values: unknown[]][] {
  const leftOut: [string, unknown[]] = ["left out", [LEFT_OUT]];
  if (value === UNKNOWN) return [leftOut];
  const always: [string, unknown[]][] = [leftOut, ["unknown", [UNKNOWN]]];
  if (typeof value === "boolean") return [...always, ["flipped", [!value]]];
  if (typeof value === "number") return [...always, ["another number", [0, value * 1000]]];
  if (value === "" || ((Array.isArray(value) || isRecord(value)) && Object.keys(value).length === 0)) return always;
  if (typeof value === "string") return [...always, ["empty", [""]], ["another text", othersOf(value)]];
  if (Array.isArray(value)) return [...always, ["empty", [[]]]];
  return isRecord(value) ? [...always, ["empty", [{}]]] : always;
}

/** Words that mean the opposite of one another. */
const OPPOSITES: Readonly<Record<string, string>> = {
  true: "false",
  false: "true",
  Allow: "Deny",
  Deny: "Allow",
  ingress: "egress",
  egress: "ingress",
  Enabled: "Disabled",
  enabled: "disabled",
  ENABLED: "DISABLED",
};

/** Another text of no meaning, and where the text has one, the worst of its kind. */
function othersOf(value: string): string[] {
  const opposite = /^[\d.]+\/\d+$/.test(value) ? "0.0.0.0/0" : /^[\da-f:]+\/\d+$/i.test(value) ? "::/0" : OPPOSITES[value];
  return [`not-${value}`, ...(opposite === undefined || opposite === value ? [] : [opposite])];
}

/** Every place in the inputs, from the outside inwards. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const inner = Array.isArray(value)
    ? value.flatMap((each, at) => pathsOf(each, [...path, at]))
    : isRecord(value)
      ? Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...path, key]))
      : [];
  return path.length === 0 ? inner : [path, ...inner];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((from, key) => (from as Record<PropertyKey, unknown>)[key], value);
}

function changed(inputs: Readonly<Record<string, unknown>>, path: Path, value: unknown): Record<string, unknown> {
  const [key, ...rest] = path;
  const put = (from: unknown, [first, ...others]: Path): unknown => {
    if (first === undefined) return value;
    if (Array.isArray(from)) {
      const list = from.map((each: unknown, at) => (at === first ? put(each, others) : each));
      return list.filter((each) => each !== LEFT_OUT);
    }
    const record = { ...(from as Record<string, unknown>) };
    record[String(first)] = put(record[String(first)], others);
    return Object.fromEntries(Object.entries(record).filter(([, each]) => each !== LEFT_OUT));
  };
  return put(inputs, key === undefined ? [] : [key, ...rest]) as Record<string, unknown>;
}

function spelt(path: Path): string {
  return path.reduce<string>(
    (before, key) => (typeof key === "number" ? `${before}[${String(key)}]` : before === "" ? key : `${before}.${key}`),
    "",
  );
}
