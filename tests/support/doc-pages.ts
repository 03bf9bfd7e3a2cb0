import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { fullKey } from "../../stacks/settings.ts";
import { settingsSchema } from "../../stacks/settings-schema.ts";
import { SETTING_WORDS } from "../../stacks/settings-words.ts";
import { STAGES } from "../../stacks/rungs.ts";
import { stagesPart } from "./stage-docs.ts";
import { type ComponentDoc, type MemberDoc, readComponents } from "./component-docs.ts";

const docs = join(import.meta.dirname, "../../docs");

/** The pages of which a part is made from the sources: the file in `docs/`, and that part. */
export const MADE_PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  "components.md": componentsPart,
  "configuration.md": configurationPart,
  "stages.md": stagesPart,
};

/** Between these two lines a page belongs to the sources; around them, to people. */
const BEGIN = "<!-- made from the sources: npx node tests/support/write-docs.ts -->";
const END = "<!-- end of what is made -->";

/** What the page should be: the words of people as they stand, and the made part as the sources have it now. */
export async function madePage(file: string): Promise<string> {
  const path = join(docs, file);
  const [before, rest] = readFileSync(path, "utf8").split(`${BEGIN}\n`);
  const after = rest?.split(`${END}\n`)[1];
  if (before === undefined || after === undefined) throw new Error(`${path} lacks the lines "${BEGIN}" and "${END}"`);
  const page = `${before}${BEGIN}\n\n${(await MADE_PAGES[file]?.()) ?? ""}\n\n${END}\n${after}`;
  return format(page, { ...(await resolveConfig(path)), parser: "markdown" });
}

function componentsPart(): string {
  const components = readComponents();
  const summary = components.map(({ concern, cost, name, text }) => [
    `[${name}](#${name.toLowerCase()})`,
    concern,
    firstSentence(text),
    cost,
  ]);
  return [table(["component", "concern", "what", "cost a month"], summary), ...components.map(componentSection)].join("\n\n");
}

function componentSection({ args, file, name, outputs, text }: ComponentDoc): string {
  return [
    `## ${name}`,
    `${text}\n\nSource: [\`${file}\`](../${file})`,
    table(["argument", "what", "default"], args.map(argumentRow)),
    ...(outputs.length === 0
      ? []
      : [
          table(
            ["output", "what"],
            outputs.map((output) => [`\`${output.name}\``, output.text]),
          ),
        ]),
  ].join("\n\n");
}

function argumentRow({ default: fallback, name, optional, text }: MemberDoc): string[] {
  return [`\`${name}\``, text, optional ? asDefault(fallback ?? "") : "required"];
}

/** A literal as code; a sentence as it is. */
function asDefault(text: string): string {
  return /^\S+$/.test(text) ? `\`${text}\`` : text;
}

function configurationPart(): string {
  const { shape } = settingsSchema(STAGES);
  const rows = Object.entries(SETTING_WORDS).map(([key, { description }]) => {
    const field = shape[key as keyof typeof shape];
    const absent = field.safeParse(undefined);
    return [`\`${fullKey(key)}\``, description, allowedOf(field), absent.success ? defaultOf(absent.data) : "required"];
  });
  return table(["key", "what", "allowed", "default"], rows);
}

/** What a field allows, in the words in which it refuses. */
function allowedOf(field: { safeParse: (value: unknown) => { error?: { issues: readonly { message: string }[] } } }): string {
  const refusal = field.safeParse("\u0000").error?.issues[0]?.message ?? "";
  return /allowed: (.+?)(?:; the nearest is .*)?$/.exec(refusal)?.[1] ?? "";
}

function defaultOf(value: unknown): string {
  return value === undefined ? "none" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function firstSentence(text: string): string {
  return /^.+?\.(?=\s|$)/s.exec(text)?.[0] ?? text;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]): string =>
    `| ${row.map((cell) => cell.replace(/\s+/g, " ").replaceAll("|", "\\|")).join(" | ")} |`;
  return [cells(head), cells(head.map(() => "---")), ...rows.map(cells)].join("\n");
}
