import type { Verdict } from "../framework/judge.ts";
import { countsOf, type Report } from "./report.ts";
import { pageOf, sentence } from "./words.ts";

/** The report for programs. `version` changes when a member goes or means something else. */
export function jsonReport(report: Report, docs?: string): string {
  const results = report.verdicts.map((verdict) => result(verdict, docs));
  const document = {
    version: 1,
    summary: { resources: report.resources, asked: report.asked.length, ...countsOf(report) },
    results,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function result({ finding, level, rule, subject, waived }: Verdict, docs: string | undefined): object {
  return {
    rule: rule.id,
    title: rule.title,
    severity: rule.severity,
    level,
    ...subject,
    kind: finding.kind,
    ...(finding.kind === "fault" ? {} : { at: finding.at }),
    ...(finding.kind === "violation" ? { found: finding.found, wanted: finding.wanted } : {}),
    message: sentence(finding),
    remediation: rule.remediation,
    page: pageOf(rule, docs),
    controls: rule.controls,
    ...(waived === undefined ? {} : { waived }),
  };
}
