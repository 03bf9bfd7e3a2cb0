import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { STAGES } from "../../stacks/rungs.ts";
import { readPreview } from "./changes.ts";
import { climb, refuse, survey } from "./climb.ts";
import { breaches } from "./guard.ts";
import { cloudPlace, sandboxPlace } from "./place.ts";
import { StackConfig } from "./stack-config.ts";
import { nextStage, type Standing, stepsTo } from "./standing.ts";
import { UserError } from "./user-error.ts";
import { changeCounts, stepTitle, surveyLine } from "./words.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** An alias is remembered for 60 s (Route 53), an address as long as the stage's record says, which is 60 s too; as much again for slow resolvers. */
const DRAIN_SECONDS = 120;

interface Options {
  readonly to?: string;
  readonly back?: boolean;
  readonly stack?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly drainSeconds: number;
}

/** The command `ladder`. */
export function makeProgram(): Command {
  const program = new Command("ladder")
    .description("move a live platform to the next stage, or back, without losing a stateful resource or a request")
    .option("--to <stage>", `the stage to move to: ${STAGES.join(", ")} (default: the next one)`)
    .option("--back", "one stage down; in the middle of a move, turn back")
    .option("--stack <name>", "a stack on a real cloud, by the Pulumi CLI on the PATH (default: the sandbox)")
    .option("--dry-run", "show what would happen, and do nothing")
    .option("--yes", "go on without asking")
    .option("--drain-seconds <n>", "how long what served before goes on to answer", seconds, DRAIN_SECONDS)
    .showHelpAfterError("(`--help` shows what is allowed)")
    .addHelpText(
      "after",
      "\nA move is three updates: the other stage is built beside the one that serves; people are sent to it; what served\n" +
        "before is taken away. Cut off at any moment, the same command goes on from there, and --back turns back.\n" +
        "\nExamples:\n  npm run ladder -- --to scaled --dry-run\n  npm run ladder -- --to scaled\n  npm run ladder -- --back\n" +
        "  npm run ladder -- --to scaled --stack prod\n  pulumi preview --json | npm run -s ladder -- guard -\n",
    )
    .action(move);
  program
    .command("guard")
    .description("check a preview of any stack: fails when a stateful resource would be replaced or deleted")
    .argument("<file>", "what `pulumi preview --json` printed; - for standard input")
    .action(guard);
  return program;
}

async function move({ back = false, drainSeconds, dryRun, stack, to, yes }: Options): Promise<void> {
  if (back && to !== undefined) throw new UserError("--to and --back exclude each other.");
  const place = stack === undefined ? sandboxPlace(ROOT) : cloudPlace(ROOT, stack);
  const config = new StackConfig(place, ROOT);
  const from = config.standing();
  const target = to ?? nextStage(from, STAGES, back);
  const steps = stepsTo(target, from, STAGES);
  say(`${described(from)} in ${place.name}; it goes to ${target}:`);
  for (const [index, step] of steps.entries()) say(`  ${index + 1}. ${stepTitle(step)}`);
  if (dryRun === true) {
    const { changes, whole } = await survey({ place, config, steps });
    say(surveyLine(changes, whole));
    refuse(breaches(changes));
    return;
  }
  const done = await climb({
    place,
    config,
    steps,
    drainSeconds,
    say,
    confirm: yes === true ? () => Promise.resolve(true) : ask,
  });
  if (done) say(`The platform is at stage ${target}.`);
}

function guard(file: string): void {
  const changes = readPreview(readFileSync(file === "-" ? 0 : file, "utf8"));
  refuse(breaches(changes));
  say(`No stateful resource is replaced or deleted: ${changeCounts(changes)}.`);
}

function described({ alongside, stage }: Standing): string {
  return alongside === undefined ? `The platform is at ${stage}` : `The platform is at ${stage}, with ${alongside} beside it`;
}

async function ask(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserError("There is no terminal to ask at.", ["Give --yes to go on without asking, or --dry-run to only look."]);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test(await terminal.question(`${question} [y/N] `));
  } finally {
    terminal.close();
  }
}

function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

function seconds(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError("allowed: whole seconds, 0 or more");
  return number;
}
