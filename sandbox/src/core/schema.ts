import { closest } from "fastest-levenshtein";
import { type Fault } from "./definition.ts";
import { type Props, UNKNOWN, type Value } from "./values.ts";

/** The shape of a value: a plain kind, a list or map of one shape, an object with named members, or one of several shapes. */
export type Shape =
  | "string"
  | "number"
  | "boolean"
  | "any"
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly object: Readonly<Record<string, Shape>>; readonly required: readonly string[] }
  | { readonly oneOf: readonly Shape[] };

/** What the provider package declares of a resource type: its inputs, which of them are required, and the names of its outputs. */
export interface TypeSchema {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
  readonly outputs: readonly string[];
}

/** Every fault of the inputs against their declared shapes; empty when all fits. Values that a preview cannot know fit any shape. */
export function schemaFaults(schema: TypeSchema, inputs: Props): Fault[] {
  return memberFaults("", inputs, schema.inputs, schema.required);
}

function memberFaults(
  path: string,
  given: Props,
  allowed: Readonly<Record<string, Shape>>,
  required: readonly string[],
): Fault[] {
  const at = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const absent = required
    .filter((name) => given[name] === undefined || given[name] === null)
    .map((name) => ({ property: at(name), reason: `"${at(name)}" is required and was not given` }));
  const wrong = Object.entries(given).flatMap(([name, value]) => {
    if (name === "__defaults" || value === undefined || value === null) return [];
    const shape = allowed[name];
    return shape === undefined ? [unknownMember(at(name), name, Object.keys(allowed))] : shapeFaults(at(name), value, shape);
  });
  return [...absent, ...wrong];
}

function unknownMember(property: string, name: string, allowed: readonly string[]): Fault {
  const hint = allowed.length === 0 ? "no input is allowed here" : `did you mean "${closest(name, [...allowed])}"?`;
  return { property, reason: `"${property}" is not an input of this type; ${hint}` };
}

function shapeFaults(path: string, value: Value, shape: Shape): Fault[] {
  if (value === UNKNOWN || shape === "any") return [];
  if (typeof shape === "string") {
    return typeof value === shape ? [] : [{ property: path, reason: `"${path}" must be a ${shape}, not ${kindOf(value)}` }];
  }
  if ("oneOf" in shape) {
    const [first, ...rest] = shape.oneOf.map((option) => shapeFaults(path, value, option));
    return first === undefined || first.length === 0 || rest.some((faults) => faults.length === 0) ? [] : first;
  }
  if ("list" in shape) {
    if (!Array.isArray(value)) return [{ property: path, reason: `"${path}" must be a list, not ${kindOf(value)}` }];
    return value.flatMap((item, index) => shapeFaults(`${path}[${index}]`, item, shape.list));
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return [{ property: path, reason: `"${path}" must be an object, not ${kindOf(value)}` }];
  }
  if ("object" in shape) return memberFaults(path, value, shape.object, shape.required);
  return Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : shapeFaults(`${path}.${key}`, item, shape.map),
  );
}

function kindOf(value: Value): string {
  if (value === null) return "nothing";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
