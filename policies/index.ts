import { readFileSync } from "node:fs";
import { join } from "node:path";
import { discoverRules } from "./framework/discover.ts";
import { SettingsError, settingsFile } from "./framework/settings.ts";
import { readSettings } from "./framework/settings-files.ts";
import { Analyzer } from "./serve/analyzer.ts";

try {
  const rules = (await discoverRules()).map(({ rule }) => rule);
  const settings = await readSettings(settingsFile(import.meta.dirname), rules);
  const { description, version } = JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8")) as {
    description: string;
    version: string;
  };
  const { port } = await new Analyzer({ identity: { name: "platform", version, description }, rules, settings }).listen();
  // The engine reads the port from the first line.
  console.log(String(port));
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  // What is wrong is in the user's file: where the pack noticed is of no use.
  console.error(error.message);
  process.exit(1);
}
