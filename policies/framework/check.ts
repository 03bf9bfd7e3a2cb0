import type { Matcher } from "./matchers.ts";
import { type Item, type Property, UnknownInput } from "./property.ts";

/** Something that a check found. */
export type Finding =
  | {
      readonly kind: "violation";
      /** The input it is about; empty when it is about the resource as a whole. */
      readonly at: string;
      /** What was found, as a sentence without its full stop. */
      readonly found: string;
      /** What is wanted, as a sentence without its full stop. */
      readonly wanted: string;
    }
  | {
      readonly kind: "unknown";
      /** The input that is not known. */
      readonly at: string;
      /** Ends the sentence "AT is ...". */
      readonly why: string;
    }
  | {
      /** The rule itself failed. */
      readonly kind: "fault";
      readonly error: Error;
    };

/** What a check has at hand. Every member is bound, so it can be taken apart: `(cluster, { must, config }) => ...`. */
export interface Check<Config> {
  /** The rule's settings, with defaults filled in. */
  readonly config: Config;
  /** Reports a violation unless the property is what it must be, or that it is unknown. Never ends the check. */
  readonly must: <T>(property: Property<T>, matcher: Matcher<NoInfer<T>>) => void;
  /** Reports a violation in words of the rule's own. @param at the property it is about, or the resource */
  readonly fail: (at: Property<unknown>, found: string, wanted: string) => void;
  /** Judges the items of a list one by one: one that is unknown hides none of the others. */
  readonly each: <T>(list: Property<T>, judge: (item: Property<Item<T>>) => void) => void;
  /** Runs a part of the check on its own: a value that is unknown ends this part only. */
  readonly apart: (part: () => void) => void;
  /** Ends the check: the rule is not about this resource. */
  readonly skip: (reason: string) => never;
}

class Skipped extends Error {}

/**
 * What a rule answers about one resource. No findings is a pass; `skipped` says why the rule was not about the resource after
 * all.
 */
export interface Answer {
  readonly findings: readonly Finding[];
  readonly skipped?: string;
}

/** Runs a check to its end. It never throws: what a check throws is one of its findings. */
export function run<Config>(config: Config, check: (tools: Check<Config>) => void): Answer {
  const findings: Finding[] = [];
  const apart = (part: () => void): void => {
    try {
      part();
    } catch (error) {
      if (error instanceof Skipped) throw error;
      findings.push(
        error instanceof UnknownInput
          ? { kind: "unknown", at: error.path, why: error.why }
          : { kind: "fault", error: error instanceof Error ? error : new Error(String(error)) },
      );
    }
  };
  const tools: Check<Config> = {
    config,
    apart,
    must: (property, matcher) =>
      apart(() => {
        if (!matcher.fits(property))
          findings.push({
            kind: "violation",
            at: property.path,
            found: `${property.path} is ${property.shown}`,
            wanted: `it must ${matcher.wanted}`,
          });
      }),
    fail: (at, found, wanted) => void findings.push({ kind: "violation", at: at.path, found, wanted }),
    each: (list, judge) =>
      apart(() => {
        for (const item of list.items) apart(() => judge(item));
      }),
    skip: (reason) => {
      throw new Skipped(reason);
    },
  };
  try {
    apart(() => check(tools));
  } catch (error) {
    return { findings, skipped: (error as Skipped).message };
  }
  return { findings: withoutRepeats(findings) };
}

/** Two parts of a check may meet the same unknown value; it is said once. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    if (finding.kind !== "unknown") return true;
    if (seen.has(finding.at)) return false;
    seen.add(finding.at);
    return true;
  });
}
