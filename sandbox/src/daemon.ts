import { join } from "node:path";
import { type RunningDaemon, startDaemon } from "./daemon/daemon.ts";

/**
 * The sandbox's daemon. Started by the commands, with `SANDBOX_HOME`; ends on SIGTERM, SIGINT or when its control API is told to.
 * What a person should know of a failed start is on standard error, which the commands show.
 */
async function main(): Promise<void> {
  const home = process.env["SANDBOX_HOME"] ?? "";
  if (home === "") throw new Error("SANDBOX_HOME is not set; start the sandbox with: npm start");
  let daemon: RunningDaemon | undefined;
  let ending: Promise<void> | undefined;
  const end = (): void => {
    ending ??= (daemon?.stop() ?? Promise.resolve()).then(
      () => process.exit(0),
      (error: unknown) => {
        fail(error);
      },
    );
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
  daemon = await startDaemon({ home, project: join(import.meta.dirname, "../.."), onStop: end });
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
