import { existsSync, rmSync } from "node:fs";
import { outsideHome } from "../plane/postgres-binaries.ts";
import type { SandboxContext } from "./context.ts";
import { ensureDaemon, isDaemonAlive, readDaemon, stopDaemon } from "./daemon.ts";
import { removeStackConfig } from "./stack-config.ts";

/** Stops the daemon (one that died is started first, since it ends what the dead one left running), then deletes the sandbox's files. */
export async function removeSandbox(context: SandboxContext): Promise<void> {
  const left = readDaemon(context.home);
  if (left !== undefined && !isDaemonAlive(left, context.home)) await sweep(context.home);
  await stopDaemon(context.home);
  for (const folder of [context.home, outsideHome(context.home)]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  removeStackConfig(context);
}

async function sweep(home: string): Promise<void> {
  try {
    await ensureDaemon(home);
  } catch {
    // Its files may be damaged, which can be why they are being deleted.
  }
}

/** Whether there is anything to remove. */
export function isThere(context: SandboxContext): boolean {
  return existsSync(context.home);
}
