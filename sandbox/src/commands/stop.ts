import type { Command } from "commander";
import { sandboxContext } from "./context.ts";
import { stopDaemon } from "./daemon.ts";
import { say } from "./output.ts";

export function addStop(program: Command): void {
  program
    .command("stop")
    .description("stop the sandbox and its processes, and keep everything it holds")
    .addHelpText(
      "after",
      "\nExample:\n  npm run sandbox -- stop\n\n`npm start` goes on from where it was; `npm stop` destroys it instead.\n",
    )
    .action(async () => {
      const stopped = await stopDaemon(sandboxContext().home);
      say(stopped ? "The sandbox is stopped. Its data is kept; `npm start` goes on from here." : "The sandbox is not running.");
    });
}
