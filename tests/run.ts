/** `npm test`: every group of tests, one after another, and one closing line for all of them. */
import { parseArgs } from "node:util";
import { prepareCli, type CliState } from "./runner/cli.ts";
import { chooseGroups, filesOf, groups, type Group } from "./runner/groups.ts";
import { runSuite, type SuiteResult } from "./runner/suite.ts";
import { closingLine, sum } from "./runner/tally.ts";

const help = `Usage: npm test [-- GROUP...]

Runs the test groups one after another; without a name, all of them.

${groups.map((group) => `  ${group.name.padEnd(9)}${group.about}`).join("\n")}

Ends with one line: N passed, N failed[, N skipped]. Exits with 1 when anything failed.`;

interface Outcome {
  readonly group: Group;
  readonly result: SuiteResult;
  readonly seconds: number;
  readonly skipReason: string | undefined;
}

async function runGroup(group: Group, cli: CliState): Promise<Outcome> {
  console.log(`\n── ${group.name}: ${group.about}`);
  const started = performance.now();
  const files = filesOf(group);
  const missing = group.needsCli && cli.state === "missing";
  let result = await runSuite(files, { totalSeconds: group.totalSeconds, countOnly: missing });
  if (group.needsCli && cli.state === "broken") {
    const failure = `the Pulumi CLI could not be prepared: ${cli.reason}`;
    result = { ...result, failed: result.failed + 1, failures: [failure, ...result.failures] };
  }
  const skipReason = missing ? cli.reason : undefined;
  return { group, result, seconds: (performance.now() - started) / 1000, skipReason };
}

function report(outcomes: readonly Outcome[]): void {
  console.log("");
  for (const { group, result, seconds } of outcomes)
    console.log(`${group.name.padEnd(9)}${closingLine(result)} (${seconds.toFixed(1)} s)`);
  for (const { group, result, skipReason } of outcomes) {
    const why = skipReason === undefined ? "" : ` (no Pulumi CLI: ${skipReason})`;
    for (const title of result.skips) console.log(`skipped  ${group.name}: ${title}${why}`);
  }
  for (const { group, result } of outcomes)
    for (const failure of result.failures) console.log(`FAILED   ${group.name}: ${failure}`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: "boolean", short: "h" } } });
  if (values.help === true) {
    console.log(help);
    return 0;
  }
  const chosen = chooseGroups(positionals);
  const cli: CliState = chosen.some((group) => group.needsCli) ? await prepareCli() : { state: "ready" };
  const outcomes: Outcome[] = [];
  for (const group of chosen) outcomes.push(await runGroup(group, cli));
  report(outcomes);
  const total = sum(outcomes.map((outcome) => outcome.result));
  console.log(`\n${closingLine(total)}`);
  return total.failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log(closingLine({ passed: 0, failed: 1, skipped: 0 }));
  process.exitCode = 1;
}
