import type { Command } from "commander";
import pc from "picocolors";
import { streamProgress } from "../toolchain/progress.ts";
import { resolvePulumi } from "../toolchain/resolve.ts";
import { UserError } from "../toolchain/user-error.ts";
import { waitForAnswer } from "./answer.ts";
import { SandboxCli } from "./cli.ts";
import { type SandboxContext, sandboxContext } from "./context.ts";
import { ControlClient, type DaemonInfo } from "./control.ts";
import { ensureDaemon } from "./daemon.ts";
import { addresses, nextCommands, say } from "./output.ts";
import { prepareStack } from "./prepare.ts";
import { checkStage, stagesOf } from "./stack-config.ts";
import { readState } from "./state.ts";

const POLICIES = ["--policy-pack", "policies"];
const ANSWER_SECONDS = 90;

export function addStart(program: Command): void {
  program
    .command("start")
    .description("stand the platform up in the sandbox, with the real Pulumi engine")
    .option("--stage <name>", "move the stack to this stage first")
    .addHelpText(
      "after",
      "\nExamples:\n  npm start                       stand it up, or bring it up to date\n  npm start -- --stage scaled     move it to the next stage\n",
    )
    .action(start);
}

async function start({ stage }: { stage?: string }): Promise<void> {
  const context = sandboxContext();
  // Whatever is wrong with what was asked or with what is there is said before anything is started.
  if (stage !== undefined) checkStage(stage, stagesOf(context.configDirectory));
  readState(context);
  const progress = streamProgress();
  const pulumi = await resolvePulumi({ progress });
  const daemon = await ensureDaemon(context.home, progress);
  const cli = new SandboxCli(pulumi, context, daemon);
  await prepareStack(context, cli, say);
  if (stage !== undefined) await cli.must(["config", "set", "platform:stage", stage]);

  if (await hasNothingToChange(context, cli)) {
    say(`${pc.green("Nothing to change:")} stack "${context.stack}" is as the program says.`);
  } else {
    await bringUp(cli);
  }
  await showWhere(daemon);
}

async function bringUp(cli: SandboxCli): Promise<void> {
  const code = await cli.live(["up", "--yes", "--skip-preview", ...POLICIES]);
  if (code === 0) return;
  throw new UserError("`pulumi up` did not finish; what it says is above.", [
    "What was made so far is kept. Put right what it names, then `npm start` again: it goes on from here.",
  ]);
}

/** Asks the engine for a preview of a stack that already stands. A preview that fails counts as a change: `up` then shows why. */
async function hasNothingToChange(context: SandboxContext, cli: SandboxCli): Promise<boolean> {
  if ((readState(context)?.resources ?? 0) === 0) return false;
  const outcome = await cli.capture(["preview", "--json", ...POLICIES]);
  return outcome.code === 0 && isUnchanged(outcome.stdout);
}

/** Whether the JSON of a preview proposes nothing but `same`. */
export function isUnchanged(json: string): boolean {
  try {
    const { changeSummary } = JSON.parse(json) as { changeSummary?: Record<string, number> };
    if (changeSummary === undefined) return false;
    return Object.entries(changeSummary).every(([operation, count]) => operation === "same" || count === 0);
  } catch {
    return false;
  }
}

async function showWhere(daemon: DaemonInfo): Promise<void> {
  const { doors } = await new ControlClient(daemon).status();
  const product = doors[0];
  const answers = product === undefined || (await waitForAnswer(product.url, ANSWER_SECONDS));
  say();
  for (const line of addresses(doors, daemon.consoleUrl)) say(line);
  say("\nTry next:");
  for (const line of nextCommands()) say(line);
  if (answers) return;
  throw new UserError(`The product did not answer within ${String(ANSWER_SECONDS)} s.`, [
    `asked: ${product.url}`,
    "Its processes: npm run sandbox -- status",
    "What they say: npm run sandbox -- logs app",
  ]);
}
