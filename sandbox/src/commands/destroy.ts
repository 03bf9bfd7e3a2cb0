import type { Command } from "commander";
import { streamProgress } from "../toolchain/progress.ts";
import { resolvePulumi } from "../toolchain/resolve.ts";
import { UserError } from "../toolchain/user-error.ts";
import { SandboxCli } from "./cli.ts";
import { type SandboxContext, sandboxContext } from "./context.ts";
import { ControlClient } from "./control.ts";
import { ensureDaemon } from "./daemon.ts";
import { say } from "./output.ts";
import { prepareStack } from "./prepare.ts";
import { isThere, removeSandbox } from "./remove.ts";
import { readState } from "./state.ts";

export function addDestroy(program: Command): void {
  program
    .command("destroy")
    .alias("destroy-and-stop")
    .description("destroy the stack with Pulumi, stop the sandbox and delete its files")
    .addHelpText(
      "after",
      "\nExample:\n  npm stop\n\nKeeps only the cached Pulumi CLI. `npm run sandbox -- stop` keeps the data instead.\n",
    )
    .action(destroy);
}

async function destroy(): Promise<void> {
  const context = sandboxContext();
  if (!isThere(context)) {
    await removeSandbox(context);
    say("There is nothing to destroy: no sandbox has been started here.");
    return;
  }
  if (readState(context) !== undefined) await destroyStack(context);
  await removeSandbox(context);
  say("The sandbox is gone. Only the cached Pulumi CLI is kept; `npm start` begins afresh.");
}

async function destroyStack(context: SandboxContext): Promise<void> {
  const progress = streamProgress();
  const pulumi = await resolvePulumi({ progress });
  const daemon = await ensureDaemon(context.home, progress);
  const cli = new SandboxCli(pulumi, context, daemon);
  await prepareStack(context, cli, say);
  if ((readState(context)?.resources ?? 0) > 0) {
    // In the real cloud a protected database is unlocked on purpose and by hand; here `npm stop` is that purpose.
    await new ControlClient(daemon).release();
    await cli.must(["state", "unprotect", "--all", "--yes"]);
    const code = await cli.live(["destroy", "--yes", "--skip-preview"]);
    if (code !== 0) {
      throw new UserError("`pulumi destroy` did not finish; what it says is above.", [
        "Run `npm stop` again to go on, or throw everything away with: npm run sandbox -- reset --yes",
      ]);
    }
  }
  await cli.must(["stack", "rm", "--yes", context.stack]);
}
