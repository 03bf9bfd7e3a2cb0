/** `npm run check`: everything that can be judged without running the program. Every tool runs, even after one has failed. */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { root } from "./runner/groups.ts";
import { closingLine } from "./runner/tally.ts";

interface Tool {
  readonly name: string;
  readonly about: string;
  /** The program in node_modules/.bin and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly fix: string;
}

const tools: readonly Tool[] = [
  { name: "types", about: "tsc in strict mode", command: ["tsc", "--noEmit", "-p", "."], fix: "correct the types named above" },
  {
    name: "lint",
    about: "eslint",
    command: ["eslint", "--max-warnings", "0", "."],
    fix: "npx eslint --fix . mends what can be mended by itself",
  },
  {
    name: "arrows",
    about: "what may import what",
    command: [
      "depcruise",
      "--config",
      ".dependency-cruiser.js",
      "stacks",
      "ladder",
      "components",
      "policies",
      "apps",
      "sandbox",
      "tests",
      "pr",
    ],
    fix: "move the import; the rule's comment in .dependency-cruiser.js says why",
  },
  { name: "format", about: "prettier", command: ["prettier", "--check", "."], fix: "npx prettier --write ." },
  {
    name: "links",
    about: "links between the documents",
    command: [
      "remark",
      "--frail",
      "--quiet",
      "--no-stdout",
      "--no-config",
      "--use",
      "validate-links=repository:false",
      "README.md",
      "CONTRIBUTING.md",
      "CHANGELOG.md",
      "SECURITY.md",
      "docs",
    ],
    fix: "correct the path or the heading that the link names",
  },
];

const help = `Usage: npm run check [-- TOOL...]

${tools.map((tool) => `  ${tool.name.padEnd(8)}${tool.about}`).join("\n")}

Runs every tool and ends with one line: N passed, N failed. Exits with 1 when one failed.`;

function choose(names: readonly string[]): readonly Tool[] {
  const unknown = names.filter((name) => !tools.some((tool) => tool.name === name));
  if (unknown.length > 0)
    throw new Error(`unknown check: ${unknown.join(", ")}. Known: ${tools.map((tool) => tool.name).join(", ")}.`);
  return names.length === 0 ? tools : tools.filter((tool) => names.includes(tool.name));
}

/** Runs one tool. @returns what went wrong, or undefined. */
function run({ name, about, command: [program, ...args] }: Tool): string | undefined {
  console.log(`── ${name}: ${about}`);
  const started = performance.now();
  const { status, signal, error } = spawnSync(`${root}node_modules/.bin/${program}`, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  console.log(`   ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (error !== undefined) return `could not be started (${error.message}); run npm ci`;
  if (signal !== null) return `was ended by ${signal}`;
  return status === 0 ? undefined : `ended with code ${status}`;
}

function main(): number {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: "boolean", short: "h" } } });
  if (values.help === true) {
    console.log(help);
    return 0;
  }
  const outcomes = choose(positionals).map((tool) => ({ tool, fault: run(tool) }));
  const failed = outcomes.filter(({ fault }) => fault !== undefined);
  console.log("");
  for (const { tool, fault } of failed) console.log(`FAILED   ${tool.name} ${fault}. To fix: ${tool.fix}.`);
  console.log(closingLine({ passed: outcomes.length - failed.length, failed: failed.length, skipped: 0 }));
  return failed.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log(closingLine({ passed: 0, failed: 1, skipped: 0 }));
  process.exitCode = 1;
}
