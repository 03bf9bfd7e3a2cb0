import { Command } from "commander";
import { addDestroy } from "./destroy.ts";
import { addFault } from "./fault.ts";
import { addLogs } from "./logs.ts";
import { addOpen } from "./open.ts";
import { addPulumi } from "./pulumi.ts";
import { addReset } from "./reset.ts";
import { addStart } from "./start.ts";
import { addStatus } from "./status.ts";
import { addStop } from "./stop.ts";

/** Every command of the sandbox, each from its own file. */
export function makeProgram(): Command {
  const program = new Command("sandbox")
    .description("a small cloud on this machine, worked by the real Pulumi engine")
    // So that what follows `pulumi` is Pulumi's, even where we have an option of the same name.
    .enablePositionalOptions()
    .showHelpAfterError("(`--help` shows what is allowed)")
    .addHelpText(
      "after",
      "\nExamples:\n  npm start                          stand the platform up\n  npm run sandbox -- status          what runs\n" +
        "  npm run pulumi -- preview          the real Pulumi CLI\n  npm stop                           destroy it all\n" +
        "\nEnvironment:\n  SANDBOX_HOME    folder of the sandbox (default: .sandbox in the checkout)\n" +
        "  SANDBOX_STACK   name of its stack (default: sandbox)\n  PULUMI_CLI      the Pulumi CLI to use (default: found or fetched)\n",
    );
  for (const add of [addStart, addPulumi, addStatus, addLogs, addOpen, addFault, addStop, addReset, addDestroy]) add(program);
  return program;
}
