import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { Judgement, Verdict } from "../framework/judge.ts";
import { pageOf, placeOf, sentence } from "../report/words.ts";
import { LEVELS, type PackIdentity, SEVERITIES } from "./info.ts";

/**
 * A judgement in the engine's terms: a diagnostic for each verdict that counts, and the rules that were not about the resource.
 */
export function responseOf({ notApplicable, verdicts }: Judgement, pack: PackIdentity, docs?: string): messages.AnalyzeResponse {
  const response = new messages.AnalyzeResponse();
  const counted = verdicts.filter(({ waived }) => waived?.by !== "exemption");
  const known = counted.filter(({ finding }) => finding.kind !== "unknown");
  response.setDiagnosticsList([
    ...known.map((verdict) => diagnosticOf(verdict, textOf(verdict, docs), pack)),
    ...unknowns(counted).map(([first, text]) => diagnosticOf(first, text, pack)),
  ]);
  response.setNotApplicableList([
    ...notApplicable.map(({ reason, rule }) => notApplicableTo(rule.id, reason)),
    ...verdicts.flatMap(({ rule, waived }) =>
      waived?.by === "exemption"
        ? [
            notApplicableTo(
              rule.id,
              `exempt until ${waived.exemption.expires} (${waived.exemption.owner}): ${waived.exemption.reason}`,
            ),
          ]
        : [],
    ),
  ]);
  return response;
}

/** One line for everything that a rule could not know about a resource. */
function unknowns(verdicts: readonly Verdict[]): [Verdict, string][] {
  const groups = Map.groupBy(
    verdicts.filter(({ finding }) => finding.kind === "unknown"),
    ({ rule, subject }) => `${rule.id} ${subject.urn}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const inputs = group.map(({ finding }) => (finding.kind === "unknown" ? finding.at : ""));
    return [[first, `unknown until \`pulumi up\`, which asks again: ${inputs.join(", ")}`]];
  });
}

function textOf({ finding, rule, waived }: Verdict, docs: string | undefined): string {
  if (finding.kind === "fault") return `${sentence(finding)} ${placeOf(finding.error)}`.trimEnd();
  return [
    `${sentence(finding)}${waived?.by === "baseline" ? " (known since the baseline)" : ""}`,
    `To mend: ${rule.remediation}`,
    `More: ${pageOf(rule, docs)}`,
  ].join("\n");
}

function diagnosticOf(
  { level, rule, subject }: Verdict,
  message: string,
  { name, version }: PackIdentity,
): messages.AnalyzeDiagnostic {
  const diagnostic = new messages.AnalyzeDiagnostic();
  diagnostic.setPolicyname(rule.id);
  diagnostic.setPolicypackname(name);
  diagnostic.setPolicypackversion(version);
  diagnostic.setDescription(`${rule.title}.`);
  diagnostic.setMessage(message);
  diagnostic.setEnforcementlevel(LEVELS[level]);
  diagnostic.setSeverity(SEVERITIES[rule.severity]);
  diagnostic.setUrn(subject.urn);
  return diagnostic;
}

function notApplicableTo(rule: string, reason: string): messages.PolicyNotApplicable {
  const notApplicable = new messages.PolicyNotApplicable();
  notApplicable.setPolicyName(rule);
  notApplicable.setReason(reason);
  return notApplicable;
}
