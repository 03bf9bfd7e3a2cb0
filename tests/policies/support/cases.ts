import type { Rule } from "../../../policies/framework/rule.ts";
import { UNKNOWN } from "../../../policies/framework/values.ts";

export { UNKNOWN };

/** The output of another resource of the same fixture: unknown in a preview, though the engine knows where it comes from. */
export class Reference {
  readonly resource: string;
  readonly output: string;

  constructor(resource: string, output: string) {
    this.resource = resource;
    this.output = output;
  }
}

/** `output` of the fixture's resource `resource`. @param output @default "id" */
export function ref(resource: string, output = "id"): Reference {
  return new Reference(resource, output);
}

/** A resource of a fixture: its type token and its inputs, which may hold {@link UNKNOWN} and {@link ref}. */
export type FixtureResource = readonly [type: string, inputs: Readonly<Record<string, unknown>>];

/** One resource, or the resources of a stack by their logical names. */
export type Fixture = FixtureResource | Readonly<Record<string, FixtureResource>>;

/** Something to ask a rule. */
export interface Case {
  readonly given: Fixture;
  /** Settings of the rule. @default - its defaults */
  readonly config?: Readonly<Record<string, unknown>>;
  /** @default "prod" */
  readonly stack?: string;
  /** Whether its resources have the option `protect`. @default false */
  readonly protect?: boolean;
}

/** A case that a rule must be content with. */
export interface Pass extends Case {
  /**
   * Why no change of one property makes it wrong; it is then no part of the mutation run. For what a rule leaves alone.
   * @default - it is part of it
   */
  readonly cannotBreak?: string;
}

/** A case that a rule must object to. */
export interface Violation extends Case {
  /** Each message, exactly; in a stack, with the resource's name and a colon before it. */
  readonly says: string | readonly string[];
}

/** A case that a rule cannot decide. */
export interface Undecided extends Case {
  /** Each input that is not known, by its path; in a stack, with the resource's name and a colon before it. */
  readonly open: string | readonly string[];
  /** What it can say all the same. @default - nothing */
  readonly says?: string | readonly string[];
}

/** All that is known of how a rule behaves. The tests, its page and the mutation run are made from it. */
export interface Cases {
  /** By what each shows. The first is the good example of the rule's page. */
  readonly passes: Readonly<Record<string, Pass>>;
  /** The first is the bad example of the rule's page. */
  readonly fails: Readonly<Record<string, Violation>>;
  readonly unknown: Readonly<Record<string, Undecided>>;
  /** Why no input can make the rule undecided: it reads none. Then no case has to be unknown. @default - some can */
  readonly decidesByType?: string;
  /** What the rule is not about after all, and why. @default - nothing */
  readonly skips?: Readonly<Record<string, Case & { readonly because: string }>>;
  /**
   * Ways to change a passing case that leave it right, `PATH: MUTATION`, each with its reason; `*` stands for any run of
   * characters.
   * A path is as in messages; in a stack, with the resource's name and a colon before it. @default - none
   */
  readonly survives?: Readonly<Record<string, string>>;
}

/** The cases of a rule; the default export of `tests/policies/cases/<concern>/<id>.ts`. */
export interface RuleCases extends Cases {
  readonly rule: Rule;
}

/** Ties cases to their rule. */
export function casesOf(rule: Rule, cases: Cases): RuleCases {
  return { rule, ...cases };
}

/** Adds to the cases the first that passes and the first that fails, with some types under other names that the provider has for them. */
export function alsoNamed(cases: Cases, names: Readonly<Record<string, readonly string[]>>): Cases {
  return {
    ...cases,
    passes: { ...cases.passes, ...renamed(cases.passes, names) },
    fails: { ...cases.fails, ...renamed(cases.fails, names) },
  };
}

function renamed<T extends Case>(
  cases: Readonly<Record<string, T>>,
  names: Readonly<Record<string, readonly string[]>>,
): Record<string, T> {
  const [first] = Object.entries(cases);
  if (first === undefined) return {};
  const [title, each] = first;
  const { given } = each;
  const types = (isOne(given) ? [given] : Object.values(given)).map(([type]) => type);
  const others = [...new Set(types)].flatMap((type) => (names[type] ?? []).map((name) => [type, name] as const));
  return Object.fromEntries(
    others.map(([type, name]) => {
      const under = ([was, inputs]: FixtureResource): FixtureResource => [was === type ? name : was, inputs];
      const renamedOnes = (): Fixture =>
        isOne(given) ? under(given) : Object.fromEntries(Object.entries(given).map(([key, one]) => [key, under(one)]));
      return [`${title}, called ${name}`, { ...each, given: renamedOnes() }];
    }),
  );
}

/** Whether a fixture is a single resource. */
export function isOne(fixture: Fixture): fixture is FixtureResource {
  return Array.isArray(fixture);
}

/**
 * The same case for several types; `%s` in the title stands for the type's last word, such as `ClusterInstance`, with its
 * service where two types end in the same word, such as `neptune Cluster`.
 */
export function forEach<T extends Case>(types: readonly string[], title: string, make: (type: string) => T): Record<string, T> {
  const lastOf = (type: string): string => type.split(":")[2] ?? type;
  const nameOf = (type: string): string => {
    const alone = types.filter((other) => lastOf(other) === lastOf(type)).length === 1;
    return alone ? lastOf(type) : `${type.split(/[:/]/)[1] ?? ""} ${lastOf(type)}`;
  };
  return Object.fromEntries(types.map((type) => [title.replace("%s", nameOf(type)), make(type)]));
}
