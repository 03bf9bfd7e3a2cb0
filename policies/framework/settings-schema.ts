import { z } from "zod";
import type { RuleSetting } from "./judge.ts";
import { nearestOf } from "./nearest.ts";
import { type Preset, presets } from "./presets.ts";
import type { Level, Rule, Schema } from "./rule.ts";
import { SettingsError } from "./settings.ts";

const level = z.enum(["mandatory", "advisory", "disabled"]);

/** The file with a project's settings. A rule is set by its level alone, or by an object with `level` and its settings. */
export function settingsSchema(rules: readonly Rule[]) {
  const forRule = ({ config }: Rule) =>
    z.preprocess(
      (value) => (typeof value === "string" ? { level: value } : value),
      z.strictObject({ level: level.optional(), ...settingsOf(config) }),
    );
  return z.strictObject({
    presets: z
      .preprocess((value) => (typeof value === "string" ? [value] : value), z.array(z.enum(presets as [Preset])).min(1))
      .optional(),
    rules: z.strictObject(Object.fromEntries(rules.map((rule) => [rule.id, forRule(rule).optional()]))).default({}),
    exemptions: z.string().optional(),
    baseline: z.string().optional(),
    docs: z.string().optional(),
  });
}

function settingsOf(config: Schema): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(config).map(([name, schema]) => [
      name,
      z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).optional(),
    ]),
  );
}

/** The settings of each rule that {@link settingsSchema} has let through. */
export function rulesOf(given: Readonly<Record<string, unknown>>): ReadonlyMap<string, Partial<RuleSetting>> {
  return new Map(
    Object.entries(given).map(([id, setting]) => {
      const { level: own, ...config } = setting as { level?: Level } & Record<string, unknown>;
      return [id, { ...(own === undefined ? {} : { level: own }), config }];
    }),
  );
}

const text = z.string().trim().min(1);
/** YAML reads a day as text or, in older files, as a date. */
const day = z.preprocess((value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value), z.iso.date());

/** The file with a project's exemptions. */
export function exemptionsSchema(rules: readonly Rule[]) {
  return z.array(
    z.strictObject({
      rule: z.enum(rules.map(({ id }) => id) as [string]),
      resource: text,
      stacks: z.array(text).optional(),
      reason: text,
      owner: text,
      expires: day,
    }),
  );
}

/** The file with a project's baseline. It may name rules that are gone since; such entries match nothing. */
export const baselineSchema = z.array(z.strictObject({ rule: text, resource: text, at: z.string() }));

/** What a file holds, as its schema has it. @throws SettingsError naming every fault */
export function validated<T>(file: string, schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new SettingsError(
    file,
    result.error.issues.flatMap((issue) => explained(issue, schema, given)),
  );
}

/** In the words of this project: what is given, what is allowed, what may have been meant. */
function explained(issue: z.core.$ZodIssue, schema: z.ZodType, given: unknown): string[] {
  const path = issue.path.reduce<string>(
    (before, key) =>
      typeof key === "number" ? `${before}[${String(key)}]` : before === "" ? String(key) : `${before}.${String(key)}`,
    "",
  );
  // A rule may be set by its level alone; the path then leads into the text.
  const value = issue.path.reduce<unknown>(
    (from, key) => (typeof from === "string" ? from : (from as Record<PropertyKey, unknown> | undefined)?.[key]),
    given,
  );
  const found = `${path === "" ? "the file" : path}: ${value === undefined ? "nothing" : JSON.stringify(value)} is given`;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map(
        (key) => `${path === "" ? "" : `${path}.`}${key} is not known${nearestOf(key, keysAt(schema, issue.path))}`,
      );
    case "invalid_value": {
      const allowed = issue.values.map(String);
      const all = allowed.length > MANY ? "it is not known" : `allowed: ${allowed.join(", ")}`;
      return [`${found}; ${all}${typeof value === "string" ? nearestOf(value, allowed) : ""}`];
    }
    case "invalid_type":
      return [`${found}; it must be ${issue.expected === "array" ? "a list" : `of type ${issue.expected}`}`];
    case "too_small":
      return [`${found}; ${issue.origin === "number" ? `the least is ${String(issue.minimum)}` : "it must not be empty"}`];
    case "too_big":
      return [`${found}; the most is ${String(issue.maximum)}`];
    case "invalid_format":
      return [`${found}; it must be a day, such as 2027-03-31`];
    default:
      return [`${found}; ${issue.message}`];
  }
}

/** More names than this are not listed in a message. */
const MANY = 10;

/** The keys that the schema knows at a place. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const [key, ...rest] = path;
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray) return keysAt(inner.element as z.ZodType, rest);
  if (!(inner instanceof z.ZodObject)) return [];
  const shape = inner.shape as Record<PropertyKey, z.ZodType | undefined>;
  if (key === undefined) return Object.keys(shape);
  const next = shape[key];
  return next === undefined ? [] : keysAt(next, rest);
}

function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrapped(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodPipe ? unwrapped(schema.out as z.ZodType) : schema;
}
