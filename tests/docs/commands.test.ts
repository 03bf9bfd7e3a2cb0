import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { groups, root } from "../runner/groups.ts";

/** One command line in a code block of a document. */
interface Shown {
  readonly document: string;
  readonly command: string;
}

/** Every command that starts with npm in a shell block of a Markdown text. */
function npmCommands(document: string, text: string): Shown[] {
  const blocks = [...text.matchAll(/^[ \t]*```(?:sh|bash|shell|console)\n([\s\S]*?)^[ \t]*```/gm)].map((match) => match[1] ?? "");
  const parts = blocks.flatMap((block) => block.split(/\n|&&|;|\|/)).map((part) => part.trim().replace(/^\$ /, ""));
  return parts.filter((part) => /^npm\b/.test(part)).map((command) => ({ document, command: command.replace(/\s+#.*$/, "") }));
}

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };
const ofNpmItself = ["ci", "install"];
const check = readFileSync(join(root, "tests/check.ts"), "utf8");
const checks = [...check.matchAll(/\bname: "([a-z]+)"/g)].map((match) => match[1]);

/** What is wrong with a command, or undefined. */
function fault(command: string): string | undefined {
  const [, verb = "", ...rest] = command.split(/\s+/);
  const script = verb === "run" ? (rest[0] ?? "") : verb;
  if (verb !== "run" && ofNpmItself.includes(verb)) return undefined;
  if (scripts[script] === undefined) return `package.json has no script "${script}"`;
  const separator = rest.indexOf("--");
  const args = separator < 0 ? [] : rest.slice(separator + 1).filter((arg) => !arg.startsWith("-"));
  const known: Record<string, readonly (string | undefined)[]> = { test: groups.map((group) => group.name), check: checks };
  const unknown = args.find((arg) => known[script]?.includes(arg) === false);
  return unknown === undefined ? undefined : `${script} knows no "${unknown}"`;
}

const documents = globSync(["*.md", "docs/**/*.md"], { cwd: root }).sort();
const shown = documents.flatMap((document) => npmCommands(document, readFileSync(join(root, document), "utf8")));

describe("the commands in the documents", () => {
  it("exist", () => {
    const faults = shown
      .map(({ document, command }) => ({ document, command, fault: fault(command) }))
      .filter((each) => each.fault !== undefined);
    assert.deepEqual(faults, []);
  });

  it("show at least how to start, stop and test", () => {
    const readme = shown.filter(({ document }) => document === "README.md").map(({ command }) => command);
    for (const command of ["npm ci", "npm start", "npm stop", "npm test"]) assert.ok(readme.includes(command), command);
  });

  it("are found and judged: a wrong one is noticed", () => {
    const found = npmCommands("a.md", "```sh\nnpm run chekc # a comment\nnpm ci && npm test -- unti\n```\n").map(({ command }) =>
      fault(command),
    );
    assert.deepEqual(found, ['package.json has no script "chekc"', undefined, 'test knows no "unti"']);
  });
});
