import type { Judge, Judgement, Verdict } from "../framework/judge.ts";
import type { ResourceFacts } from "../framework/resource.ts";
import { severities } from "../framework/rule.ts";

/** What the rules say of a whole stack, ready to be written. */
export interface Report {
  /** Every verdict, the resource with the worst one first, and within a resource the worst first. */
  readonly verdicts: readonly Verdict[];
  readonly asked: Judgement["asked"];
  /** How many resources were looked at. */
  readonly resources: number;
}

/** How many verdicts of each kind there are. A verdict that is waived counts as nothing else. */
export interface Counts {
  readonly mandatory: number;
  readonly advisory: number;
  readonly unknown: number;
  readonly exempt: number;
  readonly baseline: number;
  /** Rules that failed; they are among the others, by their level. */
  readonly faults: number;
}

/** Asks all rules about a stack. */
export function reportOn(judge: Judge, facts: readonly ResourceFacts[]): Report {
  const judgements = [...facts.map((each) => judge.judgeResource(each)), judge.judgeStack(facts)];
  return {
    verdicts: worstFirst(judgements.flatMap(({ verdicts }) => verdicts)),
    asked: judgements.flatMap(({ asked }) => asked),
    resources: facts.length,
  };
}

/** Verdicts by resource: the URN, and what is said of it. */
export function byResource(verdicts: readonly Verdict[]): Map<string, Verdict[]> {
  return Map.groupBy(verdicts, ({ subject }) => subject.urn);
}

export function countsOf({ verdicts }: Pick<Report, "verdicts">): Counts {
  const counted = verdicts.filter(({ waived }) => waived === undefined);
  const known = counted.filter(({ finding }) => finding.kind !== "unknown");
  return {
    mandatory: known.filter(({ level }) => level === "mandatory").length,
    advisory: known.filter(({ level }) => level === "advisory").length,
    unknown: counted.length - known.length,
    exempt: verdicts.filter(({ waived }) => waived?.by === "exemption").length,
    baseline: verdicts.filter(({ waived }) => waived?.by === "baseline").length,
    faults: known.filter(({ finding }) => finding.kind === "fault").length,
  };
}

function worstFirst(verdicts: readonly Verdict[]): Verdict[] {
  const groups = [...byResource(verdicts)].map(([urn, group]) => ({ urn, group: group.sort(byWeight) }));
  return groups.sort((a, b) => byWeight(a.group[0], b.group[0]) || (a.urn < b.urn ? -1 : 1)).flatMap(({ group }) => group);
}

function byWeight(a: Verdict | undefined, b: Verdict | undefined): number {
  return weightOf(a) - weightOf(b) || compared(a?.rule.id, b?.rule.id) || compared(placeOf(a), placeOf(b));
}

/** Small is bad: what counts before what is waived, known before unknown, mandatory before advice, then by severity. */
function weightOf(verdict: Verdict | undefined): number {
  if (verdict === undefined) return Infinity;
  const { finding, level, rule, waived } = verdict;
  const steps = [waived !== undefined, finding.kind === "unknown", level === "advisory"].map(Number);
  return [...steps, severities.indexOf(rule.severity)].reduce((sum, step) => sum * 4 + step, 0);
}

function placeOf(verdict: Verdict | undefined): string {
  return verdict === undefined || verdict.finding.kind === "fault" ? "" : verdict.finding.at;
}

function compared(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
