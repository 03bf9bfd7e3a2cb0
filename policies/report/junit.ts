import type { Verdict } from "../framework/judge.ts";
import { byResource, type Report } from "./report.ts";
import { pageOf, sentence } from "./words.ts";

/**
 * The report as JUnit XML: a suite a resource, a case a rule that was asked about it. What is mandatory fails, a rule that
 * failed is an error, and what is
 * unknown, advice or waived is skipped with its reason.
 */
export function junitReport(report: Report, docs?: string): string {
  const verdicts = byResource(report.verdicts);
  const asked = Map.groupBy(report.asked, ({ subject }) => subject.urn);
  const suites = [...new Set([...asked.keys(), ...verdicts.keys()])].map((urn) => {
    const group = verdicts.get(urn) ?? [];
    const ids = new Set([...(asked.get(urn) ?? []).map(({ rule }) => rule.id), ...group.map(({ rule }) => rule.id)]);
    const subject = asked.get(urn)?.[0]?.subject ?? group[0]?.subject;
    const cases = [...ids].sort().map((id) => ({
      id,
      parts: partsOf(
        group.filter(({ rule }) => rule.id === id),
        docs,
      ),
    }));
    return { name: `${subject?.type ?? ""} ${subject?.name ?? ""}`, urn, cases };
  });
  const lines = suites.flatMap(({ cases, name, urn }) => [
    `  <testsuite name="${escaped(name)}" ${totals(cases)}>`,
    ...cases.flatMap(({ id, parts }) => {
      const open = `    <testcase name="${escaped(id)}" classname="${escaped(urn)}"`;
      return parts.length === 0 ? [`${open}/>`] : [`${open}>`, ...parts.map(({ xml }) => `      ${xml}`), "    </testcase>"];
    }),
    "  </testsuite>",
  ]);
  const all = totals(suites.flatMap(({ cases }) => cases));
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites name="policies" ${all}>`, ...lines, "</testsuites>", ""].join(
    "\n",
  );
}

type Kind = "error" | "failure" | "skipped";
interface Part {
  readonly kind: Kind;
  readonly xml: string;
}

function totals(cases: readonly { readonly parts: readonly Part[] }[]): string {
  const count = (kind: Kind): string => String(cases.filter(({ parts }) => parts.some((part) => part.kind === kind)).length);
  return `tests="${String(cases.length)}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
}

/** A case holds one kind of element: the worst that was found. */
function partsOf(verdicts: readonly Verdict[], docs: string | undefined): Part[] {
  const parts = verdicts.map((verdict): Part => {
    const kind = kindOf(verdict);
    const message = escaped(reasonOf(verdict));
    const detail = `${verdict.rule.remediation} ${pageOf(verdict.rule, docs)}`;
    if (kind === "skipped") return { kind, xml: `<skipped message="${message}"/>` };
    return { kind, xml: `<${kind} message="${message}" type="${verdict.rule.severity}">${escaped(detail)}</${kind}>` };
  });
  const worst = (["error", "failure", "skipped"] as const).find((kind) => parts.some((part) => part.kind === kind));
  return parts.filter(({ kind }) => kind === worst);
}

function kindOf({ finding, level, waived }: Verdict): Kind {
  if (waived !== undefined || level === "advisory") return "skipped";
  return finding.kind === "fault" ? "error" : "failure";
}

function reasonOf({ finding, level, waived }: Verdict): string {
  const text = sentence(finding);
  if (waived?.by === "exemption") return `exempt until ${waived.exemption.expires}: ${text}`;
  if (waived?.by === "baseline") return `in the baseline: ${text}`;
  if (finding.kind === "unknown") return `unknown: ${text}`;
  return level === "advisory" ? `advice: ${text}` : text;
}

/** XML allows no control characters but tab and line breaks, not even escaped. */
function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd")
    .replace(/[&<>"]/g, (character) => names[character] ?? character);
}
