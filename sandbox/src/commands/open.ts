import type { Command } from "commander";
import openUrl from "open";
import { sandboxContext } from "./context.ts";
import { ControlClient } from "./control.ts";
import { requireDaemon } from "./daemon.ts";
import { say } from "./output.ts";

export function addOpen(program: Command): void {
  program
    .command("open")
    .description("open the console, or the product, in the browser")
    .option("--product", "open the product instead of the console")
    .option("--print", "only print the address")
    .addHelpText("after", "\nExamples:\n  npm run sandbox -- open\n  npm run sandbox -- open --product\n")
    .action(async ({ product, print }: { product?: boolean; print?: boolean }) => {
      const daemon = await requireDaemon(sandboxContext().home);
      const url = product === true ? (await new ControlClient(daemon).status()).doors[0]?.url : daemon.consoleUrl;
      say(url ?? "No product is reachable yet. See: npm run sandbox -- status");
      if (url !== undefined && print !== true) await openUrl(url);
    });
}
