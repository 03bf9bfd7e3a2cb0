import { createHash } from "node:crypto";
import type { Log, ReportingDescriptor, Result } from "sarif";
import { baselineName } from "../framework/baseline.ts";
import { citations } from "../framework/controls.ts";
import type { Verdict } from "../framework/judge.ts";
import type { Rule, Severity } from "../framework/rule.ts";
import type { Report } from "./report.ts";
import { pageOf, sentence } from "./words.ts";

/** GitHub's scale: critical above 9.0, high above 7.0, medium above 4.0. */
const SCORES: Readonly<Record<Severity, string>> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

/** What the report does not know by itself. */
export interface SarifOptions {
  readonly version: string;
  readonly docs?: string | undefined;
  /** The file that results are shown at: a stack has no lines of source. @default "Pulumi.yaml" */
  readonly location?: string;
}

/** The report as SARIF 2.1.0 (OASIS), as code scanning of GitHub and others take it. */
export function sarifReport(report: Report, options: SarifOptions): string {
  const rules = [...new Set([...report.asked, ...report.verdicts].map(({ rule }) => rule))].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const log: Log = {
    version: "2.1.0",
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    runs: [
      {
        tool: { driver: { name: "policies", version: options.version, rules: rules.map((rule) => descriptor(rule, options)) } },
        results: report.verdicts.map((verdict) => result(verdict, rules.indexOf(verdict.rule), options)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptor(rule: Rule, { docs }: SarifOptions): ReportingDescriptor {
  const page = pageOf(rule, docs);
  return {
    id: rule.id,
    shortDescription: { text: `${rule.title}.` },
    fullDescription: { text: rule.description },
    help: { text: `${rule.remediation} ${page}`, markdown: `${rule.remediation}\n\n[${rule.id}](${page})` },
    // A help URI must be absolute.
    ...(URL.canParse(page) ? { helpUri: page } : {}),
    properties: {
      "security-severity": SCORES[rule.severity],
      tags: citations(rule.controls).map(({ control, framework }) => `${framework}/${control}`),
    },
  };
}

function result(verdict: Verdict, ruleIndex: number, { location = "Pulumi.yaml" }: SarifOptions): Result {
  const { finding, level, rule, subject, waived } = verdict;
  const at = finding.kind === "fault" ? "" : finding.at;
  const unknown = finding.kind === "unknown";
  return {
    ruleId: rule.id,
    ruleIndex,
    kind: unknown ? "open" : "fail",
    // Only what fails has a level.
    level: unknown ? "none" : level === "mandatory" ? "error" : "warning",
    message: { text: `${subject.name}: ${sentence(finding)}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: location }, region: { startLine: 1 } },
        logicalLocations: [{ name: subject.name, fullyQualifiedName: subject.urn, kind: "resource" }],
      },
    ],
    // The same finding has the same fingerprint in every stack, so that it is shown once.
    partialFingerprints: { "policies/v1": fingerprint(rule.id, baselineName(subject), at) },
    ...(waived === undefined ? {} : { suppressions: [{ kind: "external", justification: justification(waived) }] }),
  };
}

function justification(waived: NonNullable<Verdict["waived"]>): string {
  if (waived.by === "baseline") return "It is in the project's baseline.";
  const { expires, owner, reason } = waived.exemption;
  return `Exempt until ${expires} by ${owner}: ${reason}`;
}

function fingerprint(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 32);
}
