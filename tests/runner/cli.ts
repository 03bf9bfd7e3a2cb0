import { existsSync } from "node:fs";
import { root } from "./groups.ts";

/** Whether the tests that drive the engine can run. `broken` is a fault of ours; `missing` is a machine that offers no way to get the CLI. */
export type CliState =
  | { readonly state: "ready" }
  | { readonly state: "missing"; readonly reason: string }
  | { readonly state: "broken"; readonly reason: string };

interface Toolchain {
  readonly ensurePulumiCli?: () => Promise<unknown>;
}

/** Gets the Pulumi CLI the way `npm start` does: from the PATH, the cache, npm, or by building it. */
export async function prepareCli(): Promise<CliState> {
  const entry = `${root}sandbox/src/toolchain/index.ts`;
  if (!existsSync(entry)) return { state: "broken", reason: `${entry} does not exist` };
  try {
    const toolchain = (await import(entry)) as Toolchain;
    if (toolchain.ensurePulumiCli === undefined) return { state: "broken", reason: `${entry} exports no ensurePulumiCli` };
    await toolchain.ensurePulumiCli();
    return { state: "ready" };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Only the toolchain's own "no way to get it on this machine" may skip tests; any other error is a failure.
    return { state: error instanceof Error && error.name === "CliUnavailableError" ? "missing" : "broken", reason };
  }
}
