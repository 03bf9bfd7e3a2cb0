import { readFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { discoverRules } from "./framework/discover.ts";
import { NO_SETTINGS, settingsFile } from "./framework/settings.ts";
import { readSettings } from "./framework/settings-files.ts";
import { Analyzer } from "./serve/analyzer.ts";

const rules = (await discoverRules()).map(({ rule }) => rule);
const { description, version } = JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8")) as {
  description: string;
  version: string;
};
const analyzer = new Analyzer({
  identity: { name: "platform", version, description },
  rules,
  readSettings: async (project) => {
    // The engine starts a pack in the pack's own folder; the shell's is the only trace of where the program is. The pack may
    // also be in the program's folder.
    const from = [process.env["PWD"], ...(project === undefined ? [] : [import.meta.dirname])];
    const file = settingsFile({ from, project });
    return file === undefined ? NO_SETTINGS : readSettings(file, rules);
  },
});
const { port } = await analyzer.listen();
// The engine reads the port from the first line.
console.log(String(port));
// The engine ends the pack by a signal, at which nothing would be written.
flushCompileCache();
