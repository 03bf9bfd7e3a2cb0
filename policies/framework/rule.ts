import type { Check } from "./check.ts";
import type { Controls } from "./controls.ts";
import type { ResourceWith } from "./resource.ts";
import type { Stack } from "./stack.ts";

/** How bad it is when the rule does not hold, worst first. */
export const severities = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

/** What a violation does: stops the update, or is only said. */
export type Level = "mandatory" | "advisory" | "disabled";

/** The sizes of platform that rules know, smallest first. */
export const stages = ["monolith", "scaled", "distributed", "global"] as const;
export type Stage = (typeof stages)[number];

/** What one setting of a rule may be, as JSON schema; the engine checks it. */
export interface SettingSchema {
  readonly type: "integer" | "number" | "string" | "boolean" | "array";
  readonly description: string;
  readonly default: boolean | number | string | readonly (number | string)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly (number | string)[];
  readonly items?: { readonly type: "integer" | "number" | "string"; readonly enum?: readonly (number | string)[] };
}

/** The settings of a rule by name. */
export type Schema = Readonly<Record<string, SettingSchema>>;

type Widened<T> = T extends boolean
  ? boolean
  : T extends number
    ? number
    : T extends string
      ? string
      : T extends readonly (infer Each)[]
        ? readonly Widened<Each>[]
        : never;

/** The values of the settings that a schema describes; every setting has a default. */
export type Settings<S extends Schema> = {
  readonly [Name in keyof S]: S[Name]["type"] extends "array" ? ArraySetting<S[Name]> : Widened<S[Name]["default"]>;
};
type ArraySetting<One extends SettingSchema> = One["items"] extends { type: "string" } ? readonly string[] : readonly number[];

// A rule names the provider's own type of a resource where its check receives it; `any` lets each check name its own.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyResource = ResourceWith<any>;

/** What every rule says of itself. */
interface About<S extends Schema> {
  /** Its name for the engine, in settings and exemptions: the file's name. */
  readonly id: string;
  /** What must hold, as one sentence without its full stop. */
  readonly title: string;
  readonly severity: Severity;
  /** What goes wrong where it does not hold. One to three sentences. */
  readonly description: string;
  /** How to mend a violation. */
  readonly remediation: string;
  /** The published controls that it answers. At least one. */
  readonly controls: Controls;
  /** What a violation does. @default "mandatory" */
  readonly level?: "mandatory" | "advisory";
  /** The smallest stage at which it is mandatory; below, it is advice. @default "monolith" */
  readonly since?: Stage;
  /** @default - it has no settings */
  readonly config?: S;
}

/** A check by the type token of the resources it is about, such as `aws:rds/cluster:Cluster`. */
export type ChecksByType<S extends Schema> = Readonly<
  Record<string, (resource: AnyResource, check: Check<Settings<S>>, stack: Stack) => void>
>;

/**
 * A rule asks about resources in one of two ways:
 * - `resources`: one by one, by their inputs, before each is made. A violation stops that resource.
 * - `inStack`: one by one when the whole stack is known, so that a check can look at what stands beside the resource.
 */
export type RuleOptions<S extends Schema> = About<S> &
  (
    | {
        readonly resources: Readonly<Record<string, (resource: AnyResource, check: Check<Settings<S>>) => void>>;
        readonly inStack?: never;
      }
    | { readonly inStack: ChecksByType<S>; readonly resources?: never }
  );

/** A rule of the pack. */
export interface Rule extends Required<About<Schema>> {
  /** When it is asked: about each resource before it is made, or when the whole stack is known. */
  readonly scope: "resource" | "stack";
  readonly checks: ReadonlyMap<string, (resource: AnyResource, check: Check<never>, stack: Stack) => void>;
}

/** A rule of the pack. See CONTRIBUTING.md beside the rules for how to write one. */
export function rule<const S extends Schema = Schema>(options: RuleOptions<S>): Rule {
  const { resources, inStack, level = "mandatory", since = "monolith", config = {}, ...about } = options;
  return {
    ...about,
    level,
    since,
    config,
    scope: resources === undefined ? "stack" : "resource",
    checks: new Map(Object.entries(resources ?? inStack)) as Rule["checks"],
  };
}

/** The settings of a rule as they are without configuration. */
export function defaultsOf({ config }: Pick<Rule, "config">): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([name, schema]) => [name, schema.default]));
}
