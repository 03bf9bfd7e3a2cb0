/**
 * Writes what is made from the rules and their cases: a page a rule and the index under docs/policies, and the recorded answers
 * under
 * tests/policies/edges. A test fails as long as they are not in step. Read the difference before you commit it.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format } from "prettier";
import { everyRule } from "./support/all-cases.ts";
import { edgesFile, edgesOf, mutationsOf } from "./support/edges.ts";
import { exemptionsPage, indexPage, PAGES, rulePage } from "./support/pages.ts";

const rules = await everyRule();
const pages = new Map([
  ["README.md", await indexPage(rules)],
  ["exemptions-in-order.md", await exemptionsPage()],
]);
mkdirSync(PAGES, { recursive: true });
mkdirSync(dirname(edgesFile("any")), { recursive: true });
for (const covered of rules) {
  const { cases, file, rule } = covered;
  if (cases === undefined) {
    console.error(`${rule.id} has no cases; write them in ${file}`);
    process.exitCode = 1;
    continue;
  }
  pages.set(`${rule.id}.md`, await rulePage(covered, cases));
  writeFileSync(edgesFile(rule.id), await format(JSON.stringify(edgesOf(cases)), { parser: "json", printWidth: 130 }));
  const { missed, stale } = mutationsOf(cases);
  for (const name of missed)
    console.error(`${rule.id}: lets through "${name}"; catch it, or say under \`survives\` why it is harmless`);
  for (const name of stale) console.error(`${rule.id}: nothing needs the reason for "${name}" under \`survives\``);
}
for (const [name, page] of pages) writeFileSync(join(PAGES, name), page);
for (const name of readdirSync(PAGES)) if (!pages.has(name)) rmSync(join(PAGES, name));
for (const name of readdirSync(dirname(edgesFile("any"))))
  if (!rules.some(({ rule }) => `${rule.id}.json` === name)) rmSync(join(dirname(edgesFile("any")), name));
