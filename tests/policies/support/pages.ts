import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { citations, type FrameworkName, frameworks } from "../../../policies/framework/controls.ts";
import { exemptionsInOrder } from "../../../policies/framework/exemptions.ts";
import type { Rule } from "../../../policies/framework/rule.ts";
import type { Covered } from "./all-cases.ts";
import type { RuleCases } from "./cases.ts";
import { programOf } from "./program.ts";

/** Where the pages are. */
export const PAGES = join(import.meta.dirname, "../../../docs/policies");

const HOW_MADE = "<!-- made from the rules and their cases: node tests/policies/write.ts -->";

/** What the controls ask, by framework and control: the titles that the frameworks publish, or a summary where those are long. */
export const controlTitles = Object.fromEntries(
  Object.keys(frameworks).map((framework) => [
    framework,
    JSON.parse(readFileSync(join(import.meta.dirname, "../facts", `${framework}.json`), "utf8")),
  ]),
) as Readonly<Record<FrameworkName, Readonly<Record<string, string>>>>;

/** The page of a rule, as it should be. */
export async function rulePage({ file, rule }: Covered, cases: RuleCases): Promise<string> {
  const [bad] = Object.values(cases.fails);
  const [good] = Object.values(cases.passes);
  if (bad === undefined || good === undefined) throw new Error(`${file} has no failing or no passing case`);
  const says = typeof bad.says === "string" ? [bad.says] : bad.says;
  return tidy([
    `# ${rule.id}`,
    HOW_MADE,
    `**${rule.title}.**`,
    rule.description,
    `Severity: ${rule.severity}. ${levelOf(rule)} ${scopeOf(rule)}`,
    "## To mend",
    rule.remediation,
    "## Refused",
    code(programOf(bad.given)),
    says.map((line) => `> ${escaped(line)}`).join("\n>\n"),
    "## Accepted",
    code(programOf(good.given)),
    ...settingsOf(rule),
    "## Controls",
    table(
      ["framework", "control", "what it asks"],
      citations(rule.controls).map(({ control, framework }) => [
        `${frameworks[framework].title} ${frameworks[framework].version}`,
        `[${control}](${frameworks[framework].url(control)})`,
        controlTitles[framework][control] ?? "",
      ]),
    ),
  ]);
}

/**
 * The page of the rule under which the pack reports an expired exemption. No resource is right or wrong by it, so it has no
 * examples.
 */
export async function exemptionsPage(): Promise<string> {
  const { description, id, remediation, title } = exemptionsInOrder;
  return tidy([
    `# ${id}`,
    HOW_MADE,
    `**${title}.**`,
    description,
    "Mandatory. Asked when the whole stack is known. [How exemptions work](../policies.md#exemptions).",
    "## To mend",
    remediation,
  ]);
}

/** The page that lists all rules. */
export async function indexPage(rules: readonly Covered[]): Promise<string> {
  const concerns = [...Map.groupBy(rules, ({ concern }) => concern)].sort(([a], [b]) => (a < b ? -1 : 1));
  return tidy([
    "# Rules",
    HOW_MADE,
    `${String(rules.length)} rules. How to use them: [Policies](../policies.md). Beside them stands [${exemptionsInOrder.id}](${exemptionsInOrder.id}.md).`,
    ...concerns.flatMap(([concern, group]) => [
      `## ${concern}`,
      table(
        ["rule", "what must hold", "severity", "mandatory from"],
        group.map(({ rule }) => [
          `[${rule.id}](${rule.id}.md)`,
          rule.title,
          rule.severity,
          rule.level === "advisory" ? "advice" : rule.since,
        ]),
      ),
    ]),
  ]);
}

function levelOf({ level, since }: Rule): string {
  if (level === "advisory") return "Advice.";
  return since === "monolith" ? "Mandatory." : `Mandatory from the stage ${since}; before, advice.`;
}

function scopeOf({ scope }: Rule): string {
  return scope === "resource"
    ? "Asked of each resource before it is made."
    : "Asked when the whole stack is known, at the end of a preview or an update.";
}

function settingsOf({ config, id }: Rule): string[] {
  const names = Object.keys(config);
  if (names.length === 0) return [];
  return [
    "## Settings",
    table(
      ["setting", "what", "default"],
      Object.entries(config).map(([name, schema]) => [
        `\`${name}\``,
        schema.description,
        `\`${JSON.stringify(schema.default)}\``,
      ]),
    ),
    code(`rules:\n  ${id}:\n    ${names[0] ?? ""}: ${JSON.stringify(Object.values(config)[0]?.default)}`, "yaml"),
  ];
}

function code(text: string, language = "ts"): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function escaped(text: string): string {
  return text.replace(/[*_<>`]/g, "\\$&");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\s+/g, " ").replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Prettier also lays out the programs within. */
async function tidy(parts: readonly string[]): Promise<string> {
  const options = await resolveConfig(join(PAGES, "page.md"));
  return format(`${parts.join("\n\n")}\n`, { ...options, parser: "markdown" });
}
