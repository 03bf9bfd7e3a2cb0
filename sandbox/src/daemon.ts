import { join } from "node:path";
import { startDaemon } from "./daemon/daemon.ts";

/**
 * The sandbox's daemon. Started by the commands, with `SANDBOX_HOME`, and `SANDBOX_MAX_TTL_SECONDS` where clients are to remember names no longer than that; ends on SIGTERM, SIGINT or when its control API is told to.
 * What a person should know of a failed start is on standard error, which the commands show.
 */
async function main(): Promise<void> {
  const home = process.env["SANDBOX_HOME"] ?? "";
  if (home === "") throw new Error("SANDBOX_HOME is not set; start the sandbox with: npm start");
  let ending: Promise<void> | undefined;
  const end = (): void => {
    ending ??= starting
      .then((daemon) => daemon.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          fail(error);
        },
      );
  };
  // Told to end while it starts, it comes up first: a stop half-way would leave what had been started.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
  const project = join(import.meta.dirname, "../..");
  const maxTtlSeconds = maxTtl(process.env["SANDBOX_MAX_TTL_SECONDS"] ?? "");
  const starting = startDaemon({ home, project, onStop: end, ...(maxTtlSeconds !== undefined && { maxTtlSeconds }) });
  await starting;
}

function maxTtl(given: string): number | undefined {
  if (given === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(given)) return Number(given);
  throw new Error(
    `SANDBOX_MAX_TTL_SECONDS is "${given}"; allowed: a number of seconds, such as 5, or nothing for what records say`,
  );
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
