import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { CloudError } from "../../core/definition.ts";

/** What plays Redis and Valkey on this machine. */
export interface CacheEngine {
  /** `native` is a real server; `embedded` speaks its protocol, without replicas, eviction, access lists and honest numbers of its own. */
  readonly kind: "native" | "embedded";
  readonly command: string;
  /** What comes before the engine's own arguments. */
  readonly args: readonly string[];
  /** For people. */
  readonly description: string;
}

const BINARIES = ["valkey-server", "redis-server"];
const EMBEDDED = join(import.meta.dirname, "embedded-server.ts");

/** What people are told where the embedded engine cannot do something. */
export const NEEDS_NATIVE =
  "put valkey-server or redis-server on the PATH, or its path into SANDBOX_REDIS_BIN, and start the sandbox again";

/**
 * The engine for caches: the program that `SANDBOX_REDIS_BIN` names, a `valkey-server` or `redis-server` on the PATH, or js-redis-server, which npm installed.
 * Throws {@link CloudError} if `SANDBOX_REDIS_BIN` names nothing that runs.
 */
export function cacheEngine(env: Readonly<Record<string, string | undefined>> = process.env): CacheEngine {
  const chosen = env["SANDBOX_REDIS_BIN"] ?? "";
  if (chosen !== "") {
    if (!isProgram(chosen))
      throw new CloudError(
        "InternalFailure",
        `SANDBOX_REDIS_BIN names ${chosen}, which is no program; name a valkey-server or redis-server, or unset it`,
        500,
      );
    return native(chosen, "from SANDBOX_REDIS_BIN");
  }
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = BINARIES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  if (found !== undefined) return native(found, "on the PATH");
  return {
    kind: "embedded",
    command: process.execPath,
    args: ["--no-warnings", EMBEDDED],
    description: "js-redis-server, as there is no valkey-server or redis-server on the PATH",
  };
}

function native(command: string, from: string): CacheEngine {
  return { kind: "native", command, args: [], description: `${command}, ${from}` };
}

function isProgram(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
