import type { Change } from "../../ladder/src/changes.ts";
import type { PolicyResult, StackChange } from "./stacks.ts";

/** By this line the comment is found again, and updated in place. */
export const MARK = "<!-- platform: what this pull request changes -->";

const SIGNS: Readonly<Record<string, string>> = { create: "+", update: "~", delete: "-", replace: "+-" };
/** Steps that are parts of a replacement, which is told once. */
const PARTS = new Set(["create-replacement", "delete-replaced", "discard-replaced"]);

/** The comment on a pull request. @param base the revision that it is compared with, as people name it */
export function commentOf(stacks: readonly StackChange[], base: string): string {
  const refused = stacks.some((stack) => isRefused(stack));
  return [
    MARK,
    `## What this changes, compared with ${base}`,
    refused ? "**It cannot be merged as it is:** see what is refused below." : "Nothing is refused.",
    ...stacks.flatMap(sectionOf),
    "Each stack was built from the base in a sandbox and previewed from this change by the real engine, with no credential.",
  ]
    .join("\n\n")
    .concat("\n");
}

/** Whether a stack's data would be lost, or a mandatory policy is violated. */
export function isRefused({ breaches, policies }: StackChange): boolean {
  return breaches.length > 0 || policies.some(isMandatory);
}

function isMandatory({ kind, level, waived }: PolicyResult): boolean {
  return kind !== "unknown" && level === "mandatory" && waived === undefined;
}

function sectionOf(change: StackChange): string[] {
  const { breaches, policies, stack } = change;
  const mandatory = policies.filter(isMandatory);
  const advice = policies.filter((each) => each.kind === "violation" && each.level === "advisory").length;
  const unknown = policies.filter(({ kind }) => kind === "unknown").length;
  return [
    `### ${stack}`,
    diffOf(change.changes),
    breaches.length === 0
      ? "**Data:** nothing that holds data is replaced or deleted."
      : [
          "**Data would be lost:**",
          ...breaches.map(
            (each) => `- \`${each.name}\` (${each.type}) would be ${each.harm}: ${escaped(each.why)} ${escaped(each.mend)}`,
          ),
        ].join("\n"),
    [
      `**Policies:** ${counted(mandatory.length, "mandatory rule violated", "mandatory rules violated")}, ${String(advice)} advice, ${String(unknown)} unknown until the update.`,
      ...mandatory.map(
        (each) =>
          `- \`${each.rule}\` (${each.severity}) on \`${each.name}\`: ${escaped(each.message)} ${escaped(each.remediation)}`,
      ),
    ].join("\n"),
    costLine(change),
  ];
}

function diffOf(changes: readonly Change[]): string {
  const steps = changes.filter(({ op, type }) => SIGNS[op] !== undefined && type !== "pulumi:pulumi:Stack");
  const odd = changes.filter(({ op }) => op !== "same" && SIGNS[op] === undefined && !PARTS.has(op));
  const total = [...steps, ...odd];
  if (total.length === 0) return "**Resources:** none changes.";
  const lines = total.map(
    ({ name, op, replaceReasons, type }) =>
      `${(SIGNS[op] ?? op).padEnd(2)} ${type}  ${name}${replaceReasons.length > 0 ? `  because of ${replaceReasons.join(", ")}` : ""}`,
  );
  const counts = Object.entries(SIGNS)
    .map(([op]) => [op, total.filter((each) => each.op === op).length] as const)
    .filter(([, count]) => count > 0)
    .map(([op, count]) => `${String(count)} to ${op}`);
  return [`**Resources:** ${counts.join(", ")}.`, "", "```diff", ...lines, "```"].join("\n");
}

function costLine({ cost: { after, before } }: StackChange): string {
  const moved = (from: number, to: number): string =>
    `${dollars(from)} → ${dollars(to)} (${to >= from ? "+" : "−"}${dollars(Math.abs(to - from))})`;
  return `**Cost a month, in USD:** idle ${moved(before.idle, after.idle)}, fully grown ${moved(before.full, after.full)}. Traffic, storage and requests come on top.`;
}

function dollars(amount: number): string {
  return amount.toFixed(0);
}

function counted(count: number, one: string, many: string): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}

function escaped(text: string): string {
  return text.replace(/[<>|*_`]/g, "\\$&").replace(/\s+/g, " ");
}
