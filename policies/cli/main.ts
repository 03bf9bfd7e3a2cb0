import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type BaselineEntry, baselineName } from "../framework/baseline.ts";
import { discoverRules } from "../framework/discover.ts";
import { Judge } from "../framework/judge.ts";
import type { Rule } from "../framework/rule.ts";
import { ruleSettings, SETTINGS_FILE, SettingsError, settingsFile, waiversOf } from "../framework/settings.ts";
import { readSettings } from "../framework/settings-files.ts";
import { jsonReport } from "../report/json.ts";
import { junitReport } from "../report/junit.ts";
import { countsOf, type Report, reportOn } from "../report/report.ts";
import { sarifReport } from "../report/sarif.ts";
import { textReport } from "../report/text.ts";
import { readJson, type StackInput, stackOfPreview, stackOfState, UsageError } from "./input.ts";

const HELP = `Usage: policies COMMAND [OPTIONS]

  check-state FILE      asks the rules about a stack as it stands: FILE is what \`pulumi stack export\` wrote
  check-preview FILE    asks the rules about a stack as it would be: FILE is what \`pulumi preview --json --show-sames\` wrote
  baseline FILE         writes the violations of an exported state into the project's baseline, so that only new ones count
  list                  lists the rules with their levels

FILE may be - for the standard input.

  --format FORMAT       text, json, sarif or junit [text]
  --output FILE         where to write the report [standard output]
  --presets NAMES       presets, with commas between [those of the stack or the project]
  --settings FILE       the project's settings [policies.yaml beside Pulumi.yaml, here or above]

Ends with 0 when no mandatory rule is violated, with 1 when one is, with 2 when the command cannot be carried out.
`;

const formats = ["text", "json", "sarif", "junit"] as const;
type Format = (typeof formats)[number];

/** Where a command reads and writes. */
export interface Surroundings {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** As `YYYY-MM-DD`. @default - the day in UTC */
  readonly today?: string;
}

/** Runs a command. @returns the exit code */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await run(args, surroundings);
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof SettingsError)) throw error;
    surroundings.err(`${error.message}\n`);
    return 2;
  }
}

async function run(args: readonly string[], { env, err, folder, out, today }: Surroundings): Promise<number> {
  const { positionals, values } = parsed(args);
  const [command, file] = positionals;
  if (values.help === true || command === undefined) {
    out(HELP);
    return command === undefined && values.help !== true ? 2 : 0;
  }
  const format = values.format ?? "text";
  if (!isFormat(format)) throw new UsageError(`--format: "${format}" is given; allowed: ${formats.join(", ")}`);
  const rules = (await discoverRules()).map(({ rule }) => rule);
  const settings = await readSettings(
    values.settings ?? settingsFile({ from: [folder], env }) ?? join(folder, SETTINGS_FILE),
    rules,
  );
  const judgeFor = (input: StackInput, waivers = waiversOf(settings, today)): Judge =>
    new Judge({
      rules,
      settings: ruleSettings(rules, settings, {
        ...input.choice,
        ...(values.presets === undefined ? {} : { presets: values.presets }),
      }),
      ...waivers,
    });
  const write = (report: Report): number => {
    const text = written(report, format, settings.docs);
    if (values.output === undefined) out(text);
    else writeFileSync(values.output, text);
    return countsOf(report).mandatory > 0 ? 1 : 0;
  };
  switch (command) {
    case "check-state":
    case "check-preview": {
      const given = file ?? missing(command);
      const input = command === "check-state" ? stackOfState(readJson(given), given) : stackOfPreview(readJson(given), given);
      return write(reportOn(judgeFor(input), input.facts));
    }
    case "baseline": {
      const given = file ?? missing(command);
      const input = stackOfState(readJson(given), given);
      const entries = baselineOf(reportOn(judgeFor(input, waiversOf({ ...settings, baseline: [] }, today)), input.facts));
      writeFileSync(settings.files.baseline, `${JSON.stringify(entries, null, 2)}\n`);
      err(`${String(entries.length)} violations are in ${settings.files.baseline} now.\n`);
      return 0;
    }
    case "list": {
      out(listed(rules, judgeFor({ facts: [], choice: {} })));
      return 0;
    }
    default:
      throw new UsageError(`There is no command "${command}"; there are check-state, check-preview, baseline and list.`);
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: "string" },
        output: { type: "string" },
        presets: { type: "string" },
        settings: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

function missing(command: string): never {
  throw new UsageError(`${command} needs a FILE, or - for the standard input.`);
}

function written(report: Report, format: Format, docs: string | undefined): string {
  switch (format) {
    case "text":
      return textReport(report, docs);
    case "json":
      return jsonReport(report, docs);
    case "junit":
      return junitReport(report, docs);
    case "sarif":
      return sarifReport(report, { version: packVersion(), docs });
  }
}

/** The version of the pack, from its package.json. */
function packVersion(): string {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")) as { version: string };
  return version;
}

/** Every violation that counts, once. */
function baselineOf({ verdicts }: Report): BaselineEntry[] {
  const entries = verdicts.flatMap(({ finding, rule, subject, waived }) =>
    waived === undefined && finding.kind === "violation"
      ? [{ rule: rule.id, resource: baselineName(subject), at: finding.at }]
      : [],
  );
  return [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
}

function listed(rules: readonly Rule[], judge: Judge): string {
  const longest = Math.max(...rules.map(({ id }) => id.length));
  return rules
    .map((rule) => `${judge.levelOf(rule).padEnd(9)}  ${rule.severity.padEnd(8)}  ${rule.id.padEnd(longest)}  ${rule.title}\n`)
    .join("");
}

function isFormat(text: string): text is Format {
  return (formats as readonly string[]).includes(text);
}
