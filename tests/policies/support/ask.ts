import { Judge, type Verdict } from "../../../policies/framework/judge.ts";
import type { ResourceFacts } from "../../../policies/framework/resource.ts";
import type { Rule } from "../../../policies/framework/rule.ts";
import { isRecord, UNKNOWN } from "../../../policies/framework/values.ts";
import { sentence } from "../../../policies/report/words.ts";
import { type Case, type Fixture, type FixtureResource, isOne, Reference } from "./cases.ts";

/** What a rule says to a case. In a stack each line has the resource's name and a colon before it. */
export interface Answer {
  /** Violations, as sentences. */
  readonly says: readonly string[];
  /** Paths of inputs that are not known. */
  readonly open: readonly string[];
  /** Why the rule was not about it, for each resource or stack that it was not about. */
  readonly skipped: readonly string[];
}

/** Asks a rule, as the engine does in a preview. @throws the error of a rule that failed */
export function ask(rule: Rule, { config = {}, given, protect = false, stack = "prod" }: Case): Answer {
  const judge = new Judge({ rules: [rule], settings: new Map([[rule.id, { level: "mandatory", config }]]) });
  const facts = factsOf(given, stack).map((each) => ({ ...each, protect }));
  const judgements =
    rule.scope === "stack"
      ? [judge.judgeStack(facts)]
      : facts.filter(({ type }) => rule.checks.has(type)).map((each) => judge.judgeResource(each));
  const verdicts = judgements.flatMap((judgement) => judgement.verdicts);
  for (const { finding } of verdicts) if (finding.kind === "fault") throw finding.error;
  const named = ({ subject }: Verdict, text: string): string => (isOne(given) ? text : `${subject.name}: ${text}`);
  return {
    says: verdicts.flatMap((verdict) =>
      verdict.finding.kind === "violation" ? [named(verdict, sentence(verdict.finding))] : [],
    ),
    open: verdicts.flatMap((verdict) => (verdict.finding.kind === "unknown" ? [named(verdict, verdict.finding.at)] : [])),
    skipped: judgements.flatMap(({ notApplicable }) => notApplicable.map(({ reason }) => reason)),
  };
}

/** The resources of a fixture by name. A single one is called "thing". */
export function resourcesOf(fixture: Fixture): Readonly<Record<string, FixtureResource>> {
  return isOne(fixture) ? { thing: fixture } : fixture;
}

/** A fixture as the engine describes it: references are unknown values with a known source. */
export function factsOf(fixture: Fixture, stack = "prod"): ResourceFacts[] {
  const resources = resourcesOf(fixture);
  const urnOf = (name: string): string => `urn:pulumi:${stack}::platform::${resources[name]?.[0] ?? "missing"}::${name}`;
  return Object.entries(resources).map(([name, [type, inputs]]) => ({
    urn: urnOf(name),
    type,
    name,
    inputs: resolved(inputs) as Record<string, unknown>,
    outputs: { id: UNKNOWN, arn: UNKNOWN, ...(resolved(inputs) as Record<string, unknown>) },
    propertyDependencies: Object.fromEntries(
      Object.entries(inputs).map(([input, value]) => [input, referencesIn(value).map(({ resource }) => urnOf(resource))]),
    ),
  }));
}

function resolved(value: unknown): unknown {
  if (value instanceof Reference) return UNKNOWN;
  if (Array.isArray(value)) return value.map(resolved);
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each)])) : value;
}

function referencesIn(value: unknown): Reference[] {
  if (value instanceof Reference) return [value];
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return isRecord(value) ? Object.values(value).flatMap(referencesIn) : [];
}
