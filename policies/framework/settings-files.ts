import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Rule } from "./rule.ts";
import { BASELINE_FILE, EXEMPTIONS_FILE, NO_SETTINGS, type PackSettings, SettingsError } from "./settings.ts";

/** The three files of a project, by what it calls them. */
export interface ProjectFiles {
  readonly settings: string;
  readonly exemptions: string;
  readonly baseline: string;
}

/**
 * Reads a project's settings, its exemptions and its baseline. A file that is not there is empty.
 * @throws SettingsError naming every fault of a file
 */
export async function readSettings(settings: string, rules: readonly Rule[]): Promise<PackSettings & { files: ProjectFiles }> {
  const beside = (name: string): string => resolve(dirname(settings), name);
  if (![settings, beside(EXEMPTIONS_FILE), beside(BASELINE_FILE)].some((file) => existsSync(file)))
    return { ...NO_SETTINGS, files: { settings, exemptions: beside(EXEMPTIONS_FILE), baseline: beside(BASELINE_FILE) } };
  // The pack is loaded at every preview; the parsers only where there is something to parse.
  const [{ parse }, schemas] = await Promise.all([import("yaml"), import("./settings-schema.ts")]);
  const read = (file: string, parser: (text: string) => unknown): unknown => {
    if (!existsSync(file)) return undefined;
    try {
      return parser(readFileSync(file, "utf8"));
    } catch (error) {
      throw new SettingsError(file, [error instanceof Error ? error.message : String(error)]);
    }
  };
  const given = schemas.validated(settings, schemas.settingsSchema(rules), read(settings, parse) ?? {});
  const files = {
    settings,
    exemptions: beside(given.exemptions ?? EXEMPTIONS_FILE),
    baseline: beside(given.baseline ?? BASELINE_FILE),
  };
  return {
    presets: given.presets,
    docs: given.docs,
    rules: schemas.rulesOf(given.rules),
    exemptions: schemas.validated(files.exemptions, schemas.exemptionsSchema(rules), read(files.exemptions, parse) ?? []),
    baseline: schemas.validated(files.baseline, schemas.baselineSchema, read(files.baseline, JSON.parse) ?? []),
    files,
  };
}
