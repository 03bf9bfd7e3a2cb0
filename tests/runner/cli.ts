import { streamProgress } from "../../sandbox/src/toolchain/progress.ts";
import { NoPulumiCli, resolvePulumi } from "../../sandbox/src/toolchain/resolve.ts";

/** Whether the tests that drive the engine can run. `broken` is a fault to mend; `missing` is a machine that offers no way to get the CLI. */
export type CliState =
  | { readonly state: "ready" }
  | { readonly state: "missing"; readonly reason: string }
  | { readonly state: "broken"; readonly reason: string };

/** Gets the Pulumi CLI the way `npm start` does, and names it to every process started from here in `PULUMI_CLI`. */
export async function prepareCli(resolve: typeof resolvePulumi = resolvePulumi): Promise<CliState> {
  try {
    const { path } = await resolve({ progress: streamProgress() });
    process.env["PULUMI_CLI"] = path;
    return { state: "ready" };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Only "there is no way to get it on this machine" may skip tests; any other error is a failure.
    return { state: error instanceof NoPulumiCli ? "missing" : "broken", reason };
  }
}
