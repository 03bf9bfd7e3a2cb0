import { rule } from "./rule.ts";

/** A violation that someone has answered for, until a day. */
export interface Exemption {
  /** The id of the rule. */
  readonly rule: string;
  /** The resource's logical name or URN; `*` stands for any run of characters. */
  readonly resource: string;
  /** The stacks in which it holds. @default - all */
  readonly stacks?: readonly string[] | undefined;
  readonly reason: string;
  /** Who answers for it: a person or a team that can be reached. */
  readonly owner: string;
  /** The last day on which it holds, such as `2027-03-31`. */
  readonly expires: string;
}

/** The rule under which an expired exemption is reported. It stands beside the rules of the pack, and cannot be exempted. */
export const exemptionsInOrder = rule({
  id: "exemptions-in-order",
  title: "No exemption has expired",
  severity: "high",
  description: "An exemption is a promise to mend something by a day. After that day it no longer exempts anything.",
  remediation: "Mend the violation and delete the exemption, or have its owner decide anew and set a later day.",
  controls: { wellArchitected: ["SEC01"] },
  inStack: {},
});

/** Exemptions that can be asked which violations they cover. */
export class Exemptions {
  readonly all: readonly Exemption[];
  readonly #byRule: ReadonlyMap<string, readonly { readonly exemption: Exemption; readonly matches: RegExp }[]>;
  readonly #today: string;

  /** @param today the day that decides what has expired, as `YYYY-MM-DD` */
  constructor(all: readonly Exemption[], today: string) {
    this.all = all;
    this.#today = today;
    const compiled = all.map((exemption) => ({ exemption, matches: pattern(exemption.resource) }));
    this.#byRule = Map.groupBy(compiled, ({ exemption }) => exemption.rule);
  }

  /** The exemption that covers a rule's findings about a resource today. */
  covering(rule: string, { name, stack, urn }: { name: string; stack: string; urn: string }): Exemption | undefined {
    return this.#byRule
      .get(rule)
      ?.find(
        ({ exemption, matches }) =>
          !this.#isOver(exemption) && holdsIn(exemption, stack) && (matches.test(name) || matches.test(urn)),
      )?.exemption;
  }

  /** Those that have expired, of a stack. */
  expired(stack: string): Exemption[] {
    return this.all.filter((exemption) => this.#isOver(exemption) && holdsIn(exemption, stack));
  }

  #isOver({ expires }: Exemption): boolean {
    return expires < this.#today;
  }
}

function holdsIn({ stacks }: Exemption, stack: string): boolean {
  return stacks === undefined || stacks.includes(stack);
}

function pattern(resource: string): RegExp {
  const literal = resource.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`);
}
