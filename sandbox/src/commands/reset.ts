import type { Command } from "commander";
import { UserError } from "../toolchain/user-error.ts";
import { sandboxContext, shown } from "./context.ts";
import { say } from "./output.ts";
import { isThere, removeSandbox } from "./remove.ts";

export function addReset(program: Command): void {
  program
    .command("reset")
    .description("throw the sandbox away without asking Pulumi: processes, data, state and configuration")
    .option("-y, --yes", "do it")
    .addHelpText(
      "after",
      "\nExample:\n  npm run sandbox -- reset --yes\n\nFor when state or data are damaged. Otherwise `npm stop` is the way.\n",
    )
    .action(reset);
}

async function reset({ yes }: { yes?: boolean }): Promise<void> {
  const context = sandboxContext();
  if (!isThere(context)) {
    await removeSandbox(context);
    say("There is no sandbox to reset.");
    return;
  }
  if (yes !== true) {
    throw new UserError("This deletes the sandbox with all its data.", [
      `folder: ${context.home}`,
      "To do it: npm run sandbox -- reset --yes",
    ]);
  }
  await removeSandbox(context);
  say(`Deleted ${shown(context.home)}. \`npm start\` begins afresh.`);
}
