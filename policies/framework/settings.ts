import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Baseline, type BaselineEntry } from "./baseline.ts";
import { type Exemption, Exemptions } from "./exemptions.ts";
import type { RuleSetting } from "./judge.ts";
import { nearestOf } from "./nearest.ts";
import { DEFAULT_PRESETS, isStage, levelUnder, type Preset, presets } from "./presets.ts";
import { defaultsOf, type Rule } from "./rule.ts";

/** What a project has decided about the pack. */
export interface PackSettings {
  /** @default - the stage in the stack's configuration, or else `monolith` */
  readonly presets?: readonly Preset[] | undefined;
  /** By rule id. */
  readonly rules: ReadonlyMap<string, Partial<RuleSetting>>;
  readonly exemptions: readonly Exemption[];
  readonly baseline: readonly BaselineEntry[];
  /** Where the pages of the rules are: a folder or a URL. @default "docs/policies" */
  readonly docs?: string | undefined;
}

/** The settings of a project that decided nothing. */
export const NO_SETTINGS: PackSettings = { rules: new Map(), exemptions: [], baseline: [] };

/** Something in the settings of the pack that cannot be used. Names every fault of the file at once. */
export class SettingsError extends Error {
  constructor(file: string, faults: readonly string[]) {
    super([`${file} cannot be used:`, ...faults.map((fault) => `- ${fault}`)].join("\n"));
  }
}

const PROJECT_FILE = "Pulumi.yaml";
/** The files of a project. Only the first may be named otherwise (`POLICIES_SETTINGS`); it names the others. */
export const SETTINGS_FILE = "policies.yaml";
export const EXEMPTIONS_FILE = "policies-exemptions.yaml";
export const BASELINE_FILE = "policies-baseline.json";

/** Where to look for a project, and which one. */
export interface ProjectSearch {
  /** Folders that may be in the project; the first that is counts. Undefined ones are passed over. */
  readonly from: readonly (string | undefined)[];
  /**
   * The name of the project, where it is known: a pack may lie in one project and judge another. @default - any project will do
   */
  readonly project?: string | undefined;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Where a project's settings are: beside the nearest `Pulumi.yaml` of that project, in one of the folders or above it;
 * `POLICIES_SETTINGS` names another file.
 * @returns undefined when no such project is found
 */
export function settingsFile({ env = process.env, from, project }: ProjectSearch): string | undefined {
  const chosen = env["POLICIES_SETTINGS"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  return from
    .flatMap((folder) => (folder === undefined ? [] : (projectFolder(folder) ?? [])))
    .filter((folder) => project === undefined || nameOfProject(folder) === project)
    .map((folder) => join(folder, SETTINGS_FILE))[0];
}

function projectFolder(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, PROJECT_FILE))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** The parser of YAML takes longer to load than all rules; one line of a file that Pulumi has read already needs none. */
function nameOfProject(folder: string): string | undefined {
  return /^name:\s*["']?([\w.-]+)/m.exec(readFileSync(join(folder, PROJECT_FILE), "utf8"))?.[1];
}

/** What a stack's own configuration says of the pack. */
export interface StackChoice {
  /** Its setting `<project>:stage`; what is not one of our stages is passed over. */
  readonly stage?: string | undefined;
  /** Its setting `policies:presets`: names of presets with commas between. */
  readonly presets?: string | undefined;
}

/**
 * How each rule is set, before the engine's own configuration: its level under the presets, and what the project says of it.
 * The presets are those of the stack, or else of the project, or else the stack's stage.
 * @throws SettingsError naming every preset that does not exist
 */
export function ruleSettings(
  rules: readonly Rule[],
  settings: PackSettings,
  stack: StackChoice = {},
): ReadonlyMap<string, Required<RuleSetting>> {
  const chosen = presetsOf(stack) ?? settings.presets ?? (isStage(stack.stage) ? [stack.stage] : DEFAULT_PRESETS);
  return new Map(
    rules.map((rule) => {
      const own = settings.rules.get(rule.id);
      return [rule.id, { level: own?.level ?? levelUnder(rule, chosen), config: { ...defaultsOf(rule), ...own?.config } }];
    }),
  );
}

function presetsOf({ presets: given }: StackChoice): Preset[] | undefined {
  if (given === undefined) return undefined;
  const names = given.split(",").map((name) => name.trim());
  const wrong = names.filter((name) => !(presets as readonly string[]).includes(name));
  if (wrong.length === 0) return names as Preset[];
  throw new SettingsError(
    "The setting policies:presets",
    wrong.map((name) => `"${name}" is given; allowed: ${presets.join(", ")}${nearestOf(name, presets)}`),
  );
}

/** The exemptions and the baseline of a project, ready to be asked. @param today as `YYYY-MM-DD`. @default - the day in UTC */
export function waiversOf(
  settings: PackSettings,
  today = new Date().toISOString().slice(0, 10),
): { exemptions: Exemptions; baseline: Baseline } {
  return { exemptions: new Exemptions(settings.exemptions, today), baseline: new Baseline(settings.baseline) };
}
