import type { Command } from "commander";
import { streamProgress } from "../toolchain/progress.ts";
import { resolvePulumi } from "../toolchain/resolve.ts";
import { SandboxCli } from "./cli.ts";
import { sandboxContext } from "./context.ts";
import { ensureDaemon } from "./daemon.ts";
import { prepareStack } from "./prepare.ts";

export function addPulumi(program: Command): void {
  program
    .command("pulumi")
    .description("run the real Pulumi CLI against the sandbox")
    .argument("[args...]", "what to hand to the Pulumi CLI")
    .allowUnknownOption()
    .passThroughOptions()
    .addHelpText(
      "after",
      "\nEverything after the first argument goes to the Pulumi CLI as it is.\n" +
        "\nExamples:\n  npm run pulumi -- preview --policy-pack policies\n  npm run pulumi -- stack output\n" +
        "  npm run pulumi -- up --help         Pulumi's own help\n",
    )
    .action(async (args: string[], _options: unknown, command: Command) => {
      if (args.length === 0) command.help();
      process.exitCode = await runPulumi(args);
    });
}

async function runPulumi(args: readonly string[]): Promise<number> {
  const context = sandboxContext();
  const progress = streamProgress();
  const pulumi = await resolvePulumi({ progress });
  if (!needsStack(args)) return new SandboxCli(pulumi, context).live(args);
  const cli = new SandboxCli(pulumi, context, await ensureDaemon(context.home, progress));
  if (preparesStack(args)) await prepareStack(context, cli, (text) => process.stderr.write(`${text}\n`));
  return cli.live(args);
}

/** Whether a command has to do with a stack at all, so that the daemon is needed. */
export function needsStack(args: readonly string[]): boolean {
  return (
    !["help", "version", "completion", "gen-completion"].includes(args[0] ?? "") &&
    !args.includes("--help") &&
    !args.includes("-h")
  );
}

/**
 * Whether the sandbox's stack is made ready before the command. Not for `cancel`, `stack` and `state`, which are there to look at and put
 * right a stack as it is, nor when another stack is named.
 */
export function preparesStack(args: readonly string[]): boolean {
  const named = args.some((argument) => argument === "-s" || argument === "--stack" || argument.startsWith("--stack="));
  return !named && !["cancel", "stack", "state"].includes(args[0] ?? "");
}
