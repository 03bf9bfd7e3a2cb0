import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Rule } from "./rule.ts";

/** A rule, and where it stands. */
export interface FoundRule {
  readonly rule: Rule;
  /** The folder that it is in, such as `database`. */
  readonly concern: string;
}

const RULES = join(import.meta.dirname, "../rules");

/**
 * Loads every rule under `rules/<concern>/<id>.ts` (or `.js` where the pack is compiled), in the order of their ids.
 * @throws Error naming every file that does not hold the rule its name promises.
 */
export async function discoverRules(folder = RULES): Promise<FoundRule[]> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.[jt]s$/.test(file) && !file.endsWith(".d.ts"),
  );
  const loaded = await Promise.all(
    files.map(async (file) => ({ file, module: (await import(pathToFileURL(join(folder, file)).href)) as { default?: Rule } })),
  );
  const faults: string[] = [];
  const found = loaded.flatMap(({ file, module }) => {
    const [, concern, id] = /^([\w-]+)[\\/]([\w-]+)\.[jt]s$/.exec(file) ?? [];
    if (concern === undefined || id === undefined) faults.push(`${file}: rules stand in rules/<concern>/<id>.ts`);
    else if (module.default === undefined)
      faults.push(`${file}: it has no default export; write \`export default rule({ ... })\``);
    else if (module.default.id !== id)
      faults.push(`${file}: its rule has the id "${module.default.id}"; the file's name and the id must agree`);
    else return [{ rule: module.default, concern }];
    return [];
  });
  const ids = found.map(({ rule }) => rule.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push(`two rules have the id "${id}"`);
  if (faults.length > 0) throw new Error(["The rules cannot be loaded:", ...faults.map((fault) => `- ${fault}`)].join("\n"));
  return found.sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1));
}
