import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkOut } from "./checkouts.ts";
import { CommandFailed, run } from "./commands.ts";
import { commentOf, isRefused } from "./comment.ts";
import { changeOf, exampleStacks, type StackChange } from "./stacks.ts";

const HELP = `Usage: npm run pr [-- OPTIONS]

Says what the checkout changes, compared with a base: for each example stack the resources, the data at risk, the policies and the cost.

  --base REVISION   what to compare with [origin/main]
  --stack NAME      one example stack only; may be repeated [all that both revisions have]
  --output FOLDER   where comment.md and a SARIF file for each stack are written [.pr]

Prints the comment, and adds it to the job summary where GITHUB_STEP_SUMMARY names one.
Ends with 0 when nothing is refused, with 1 when data would be lost or a mandatory policy is violated, with 2 when it cannot be carried out.
`;

/** Runs the command. @param root the checkout that is judged. @returns the exit code */
export async function main(args: readonly string[], root = fileURLToPath(new URL("../..", import.meta.url))): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        base: { type: "string", default: "origin/main" },
        stack: { type: "string", multiple: true },
        output: { type: "string", default: ".pr" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    const stacks = await compare(root, values.base, values.stack);
    write(resolve(root, values.output), stacks, values.base);
    return stacks.some(isRefused) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof CommandFailed) && !(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function compare(root: string, base: string, chosen: readonly string[] | undefined): Promise<StackChange[]> {
  const { stdout } = await run(["git", "merge-base", base, "HEAD"], { cwd: root });
  const checkout = await checkOut(root, stdout.trim());
  try {
    const [before, after] = await Promise.all([exampleStacks(checkout.folder), exampleStacks(root)]);
    // A stack that is new has nothing to be compared with; its own tests build it.
    const both = after.filter((stack) => before.includes(stack));
    const unknown = (chosen ?? []).filter((stack) => !both.includes(stack));
    if (unknown.length > 0) throw new CommandFailed(`--stack: ${unknown.join(", ")} is given; allowed: ${both.join(", ")}`);
    const results: StackChange[] = [];
    for (const stack of chosen ?? both) {
      process.stderr.write(`${stack}: building the base, then previewing the change\n`);
      results.push(await changeOf(stack, checkout.folder, root));
    }
    return results;
  } finally {
    await checkout.remove();
  }
}

function write(folder: string, stacks: readonly StackChange[], base: string): void {
  const comment = commentOf(stacks, base);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "comment.md"), comment);
  for (const { sarif, stack } of stacks) writeFileSync(join(folder, `${stack}.sarif`), sarif);
  const { GITHUB_STEP_SUMMARY: summary } = process.env;
  if (summary !== undefined && summary !== "") appendFileSync(summary, comment);
  process.stdout.write(comment);
}
