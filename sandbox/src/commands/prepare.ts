import { existsSync } from "node:fs";
import type { SandboxCli } from "./cli.ts";
import { type SandboxContext, stateFile } from "./context.ts";
import { hasOnlyStaleLocks, readLocks, readState } from "./state.ts";
import { makeStackConfig } from "./stack-config.ts";

/**
 * Makes the stack ready for the next command: its configuration file, the stack itself, and what an interrupted run left behind
 * (a lock whose process is gone, operations that were under way). Says what it did, in order.
 */
export async function prepareStack(
  context: SandboxContext,
  cli: Pick<SandboxCli, "must">,
  say: (text: string) => void,
): Promise<void> {
  const state = readState(context);
  if (await makeStackConfig(context, state?.salt)) say(`Wrote the configuration of stack "${context.stack}".`);
  if (!existsSync(stateFile(context))) await cli.must(["stack", "select", "--create", "--stack", context.stack]);
  if (hasOnlyStaleLocks(readLocks(context))) {
    await cli.must(["cancel", "--yes"]);
    say("Lifted the lock of a run that was cut off.");
  }
  if ((state?.pendingOperations ?? 0) > 0) {
    // The sandbox's cloud remembers what it made under the same name, so a create that was cut off is taken up again by the next `up`.
    await cli.must(["refresh", "--clear-pending-creates", "--yes", "--skip-preview"]);
    say("Took up where a run was cut off.");
  }
}
