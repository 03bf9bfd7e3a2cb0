import { Baseline, baselineName } from "./baseline.ts";
import { type Finding, run } from "./check.ts";
import { type Exemption, Exemptions, exemptionsInOrder } from "./exemptions.ts";
import { type ResourceFacts, ResourceWith } from "./resource.ts";
import { defaultsOf, type Level, type Rule } from "./rule.ts";
import { Stack } from "./stack.ts";

/** How a rule is set for a run. */
export interface RuleSetting {
  readonly level: Level;
  /** Values for the settings of its schema; those that are left out have their defaults. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** The resource that a verdict is about. */
export type Subject = Pick<ResourceFacts, "name" | "type" | "urn">;

/** One thing that a rule found about one resource, and what follows from it. */
export interface Verdict {
  readonly rule: Rule;
  readonly subject: Subject;
  readonly finding: Finding;
  /** A mandatory one stops the update. What is unknown is never mandatory. */
  readonly level: "mandatory" | "advisory";
  /** Why it does not count. @default - it counts */
  readonly waived?: { readonly by: "exemption"; readonly exemption: Exemption } | { readonly by: "baseline" };
}

/** What a rule was not asked, and why. */
export interface NotApplicable {
  readonly rule: Rule;
  readonly reason: string;
}

/** What the rules say of a resource or a stack. */
export interface Judgement {
  readonly verdicts: readonly Verdict[];
  readonly notApplicable: readonly NotApplicable[];
  /** Every pair of a rule and a resource that was asked. */
  readonly asked: readonly { readonly rule: Rule; readonly subject: Subject }[];
}

/** What the rules of one scope say of one resource. */
type Asked = Omit<Judgement, "notApplicable"> & { readonly skipped: readonly NotApplicable[] };

/** What a judge goes by. */
export interface JudgeOptions {
  readonly rules: readonly Rule[];
  /** By rule id. @default - every rule at its own level */
  readonly settings?: ReadonlyMap<string, RuleSetting>;
  /** @default - none */
  readonly exemptions?: Exemptions;
  /** @default - empty */
  readonly baseline?: Baseline;
}

/** What stands beside a resource that is judged by itself. */
const ALONE = new Stack([]);

/** Asks the rules. It never throws for a rule's sake: a rule that fails is a finding of its own. */
export class Judge {
  readonly rules: readonly Rule[];
  readonly #enabled: readonly Rule[];
  readonly #byType: ReadonlyMap<string, readonly Rule[]>;
  readonly #others = new Map<string, readonly NotApplicable[]>();
  readonly #settings: ReadonlyMap<string, RuleSetting>;
  readonly #configs: ReadonlyMap<Rule, object>;
  readonly #exemptions: Exemptions;
  readonly #baseline: Baseline;

  constructor({ baseline = new Baseline([]), exemptions = new Exemptions([], ""), rules, settings = new Map() }: JudgeOptions) {
    this.rules = rules;
    this.#settings = settings;
    this.#exemptions = exemptions;
    this.#baseline = baseline;
    this.#enabled = rules.filter((rule) => this.levelOf(rule) !== "disabled");
    const pairs = this.#enabled.flatMap((rule) => [...rule.checks.keys()].map((type) => ({ rule, type })));
    this.#byType = new Map(
      [...Map.groupBy(pairs, ({ type }) => type)].map(([type, each]) => [type, each.map(({ rule }) => rule)]),
    );
    // A check receives the settings of its own schema; only the rule that wrote both knows the type.
    this.#configs = new Map(rules.map((rule) => [rule, { ...defaultsOf(rule), ...settings.get(rule.id)?.config }]));
  }

  /** The level at which a rule is set. */
  levelOf(rule: Rule): Level {
    return this.#settings.get(rule.id)?.level ?? rule.level;
  }

  /** Asks the rules about single resources what they say of this one. */
  judgeResource(facts: ResourceFacts): Judgement {
    const { skipped, ...judgement } = this.#ask("resource", new ResourceWith<unknown>(facts), ALONE);
    return { ...judgement, notApplicable: [...skipped, ...this.#rulesAboutOthers(facts.type)] };
  }

  /** Asks the rules about stacks what they say of this one. */
  judgeStack(facts: readonly ResourceFacts[]): Judgement {
    const stack = new Stack(facts);
    const answers = stack.resources.map((resource) => this.#ask("stack", resource, stack));
    const types = new Set(stack.resources.map(({ type }) => type));
    const absent = this.#enabled.filter(
      ({ checks, scope }) => scope === "stack" && ![...checks.keys()].some((type) => types.has(type)),
    );
    return {
      verdicts: [...answers.flatMap(({ verdicts }) => verdicts), ...this.#expiredExemptions(stack)],
      notApplicable: [
        ...absent.map((rule) => ({ rule, reason: "the stack has no resource that the rule is about" })),
        ...skippedByAll(answers),
      ],
      asked: answers.flatMap(({ asked }) => asked),
    };
  }

  #ask(scope: Rule["scope"], resource: ResourceWith<unknown>, stack: Stack): Asked {
    const { name, type, urn } = resource;
    const subject: Subject = { name, type, urn };
    const verdicts: Verdict[] = [];
    const skipped: NotApplicable[] = [];
    const asked: Rule[] = [];
    for (const rule of this.#byType.get(resource.type) ?? []) {
      const check = rule.checks.get(resource.type);
      if (rule.scope !== scope || check === undefined) continue;
      asked.push(rule);
      const answer = run((this.#configs.get(rule) ?? {}) as never, (tools) => {
        check(resource, tools, stack);
      });
      if (answer.skipped !== undefined) skipped.push({ rule, reason: answer.skipped });
      for (const finding of answer.findings) verdicts.push(this.#verdict(rule, resource, subject, finding));
    }
    return { verdicts, skipped, asked: asked.map((rule) => ({ rule, subject })) };
  }

  #verdict(rule: Rule, resource: ResourceWith<unknown>, subject: Subject, finding: Finding): Verdict {
    const level = finding.kind !== "unknown" && this.levelOf(rule) === "mandatory" ? "mandatory" : "advisory";
    const verdict = { rule, subject, finding, level } as const;
    const exemption = this.#exemptions.covering(rule.id, resource);
    if (exemption !== undefined) return { ...verdict, waived: { by: "exemption", exemption } };
    const old =
      finding.kind === "violation" && this.#baseline.holds({ rule: rule.id, resource: baselineName(resource), at: finding.at });
    return old ? { ...verdict, level: "advisory", waived: { by: "baseline" } } : verdict;
  }

  /** Made once a type: every resource of a stack asks for it. */
  #rulesAboutOthers(type: string): readonly NotApplicable[] {
    const made =
      this.#others.get(type) ??
      this.#enabled
        .filter(({ checks, scope }) => scope === "resource" && !checks.has(type))
        .map((rule) => ({ rule, reason: "the rule is about other types of resource" }));
    this.#others.set(type, made);
    return made;
  }

  #expiredExemptions({ resources }: Stack): Verdict[] {
    const [first] = resources;
    const level = this.levelOf(exemptionsInOrder);
    if (first === undefined || level === "disabled") return [];
    const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack") ?? first;
    return this.#exemptions.expired(first.stack).map(({ expires, owner, reason, resource, rule }) => ({
      rule: exemptionsInOrder,
      subject: { name: stack.name, type: stack.type, urn: stack.urn },
      level,
      finding: {
        kind: "violation",
        at: "",
        found: `the exemption of "${resource}" from ${rule} expired on ${expires} (owner: ${owner}; reason: ${reason})`,
        wanted: "the violation must be mended, or the exemption renewed",
      },
    }));
  }
}

/** The rules that turned out to be about none of the resources that they were asked about, with the first reason of each. */
function skippedByAll(answers: readonly Omit<Asked, "verdicts">[]): NotApplicable[] {
  const asked = Map.groupBy(
    answers.flatMap((each) => each.asked),
    ({ rule }) => rule,
  );
  const skipped = Map.groupBy(
    answers.flatMap((each) => each.skipped),
    ({ rule }) => rule,
  );
  return [...skipped].flatMap(([rule, group]) => (group.length === asked.get(rule)?.length ? group.slice(0, 1) : []));
}
