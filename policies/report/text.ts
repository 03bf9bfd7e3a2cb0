import type { Verdict } from "../framework/judge.ts";
import { byResource, type Counts, countsOf, type Report } from "./report.ts";
import { pageOf, placeOf, sentence } from "./words.ts";

/** The report for people: by resource, the worst first. Empty when there is nothing to say. */
export function textReport(report: Report, docs?: string): string {
  const shown = report.verdicts.filter(({ waived }) => waived === undefined);
  if (shown.length === 0) return "";
  const parts = [...byResource(shown).values()].map((group) => {
    const [first] = group;
    return first === undefined
      ? ""
      : [`${first.subject.type}  ${first.subject.name}`, ...group.map((verdict) => entry(verdict, docs))].join("\n");
  });
  return `${[...parts, summary(countsOf(report), report)].join("\n\n")}\n`;
}

function entry(verdict: Verdict, docs: string | undefined): string {
  const { finding, level, rule } = verdict;
  if (finding.kind === "unknown") return `  unknown   ${rule.id}: ${sentence(finding)}`;
  const weight = level === "mandatory" ? rule.severity : "advice";
  if (finding.kind === "fault")
    return `  ${weight.padEnd(8)}  ${rule.id}: ${sentence(finding)} ${placeOf(finding.error)}`.trimEnd();
  return [
    `  ${weight.padEnd(8)}  ${rule.id}: ${sentence(finding)}`,
    `            To mend: ${rule.remediation}`,
    `            More: ${pageOf(rule, docs)}`,
  ].join("\n");
}

function summary({ advisory, baseline, exempt, mandatory, unknown }: Counts, { asked, resources }: Report): string {
  const parts = [
    `${String(mandatory)} mandatory`,
    `${String(advisory)} advice`,
    `${String(unknown)} unknown`,
    ...(exempt > 0 ? [`${String(exempt)} exempt`] : []),
    ...(baseline > 0 ? [`${String(baseline)} in the baseline`] : []),
  ];
  return `${parts.join(", ")}; ${String(asked.length)} questions about ${String(resources)} resources.`;
}
