import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { identify } from "../plane/process-identity.ts";
import { compileCache } from "../toolchain/cache.ts";
import { type Progress, silent } from "../toolchain/progress.ts";
import { UserError } from "../toolchain/user-error.ts";
import { sandboxVersion } from "../version.ts";
import { ControlClient, type DaemonInfo, OtherVersion } from "./control.ts";
import { withoutCloudAccess } from "./environment.ts";

const DAEMON_MAIN = fileURLToPath(new URL("../daemon.ts", import.meta.url));
/** A daemon lives for days beside a person's other work: it trades a little of its speed for some 30 MB of memory. */
const DAEMON_FLAGS = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=1", "--optimize-for-size"];
const START_SECONDS = 60;
const STOP_SECONDS = 30;

/** What `<home>/daemon.json` says, whether or not that daemon still lives; undefined when there is none or it cannot be read. */
export function readDaemon(home: string): DaemonInfo | undefined {
  try {
    const info = JSON.parse(readFileSync(join(home, "daemon.json"), "utf8")) as Partial<DaemonInfo>;
    return typeof info.pid === "number" && typeof info.controlUrl === "string" ? (info as DaemonInfo) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether that process is the daemon of this home. Its number can have been given to another program since, or to another sandbox's daemon. */
export function isDaemonAlive({ pid }: Pick<DaemonInfo, "pid">, home: string, of: typeof identify = identify): boolean {
  return of(pid)?.commandLine.endsWith(`daemon.ts ${home}`) ?? false;
}

/** The daemon of this home if it runs and answers. Throws a {@link UserError} for one that speaks another version than these commands. */
export async function findDaemon(home: string): Promise<DaemonInfo | undefined> {
  const info = readDaemon(home);
  if (info === undefined || !isDaemonAlive(info, home)) return undefined;
  try {
    await new ControlClient(info).status(2000);
    return info;
  } catch (error) {
    if (error instanceof OtherVersion) throw error;
    return undefined;
  }
}

/** The daemon of this home, or a {@link UserError} that says how to start it. */
export async function requireDaemon(home: string): Promise<DaemonInfo> {
  const daemon = await findDaemon(home);
  if (daemon === undefined) throw new UserError("The sandbox is not running.", ["Start it with: npm start"]);
  return daemon;
}

/**
 * The daemon of this home, started if it does not run, and started again if it runs other sources than these: after a `git pull`, say. Safe to call from several processes at once: the daemon itself holds a lock,
 * so of several started only one stays, and all callers get that one.
 */
export async function ensureDaemon(home: string, progress: Progress = silent, main: string = DAEMON_MAIN): Promise<DaemonInfo> {
  const running = await findDaemon(home).catch((error: unknown) => {
    if (error instanceof OtherVersion) return "outdated" as const;
    throw error;
  });
  if (typeof running === "object" && running.version === sandboxVersion()) return running;
  progress.step(running === undefined ? "Starting the sandbox" : "Starting the sandbox again: its sources have changed");
  try {
    // One that only comes up now is left alone: another command has just started it.
    if (running !== undefined) await stopDaemon(home);
    return await startDaemon(home, main);
  } finally {
    progress.done();
  }
}

async function startDaemon(home: string, main: string): Promise<DaemonInfo> {
  mkdirSync(join(home, "logs"), { recursive: true });
  const log = join(home, "logs", "daemon.log");
  const output = openSync(log, "a");
  // The daemon reads its home from the environment; in its command line it tells this daemon from those of other sandboxes.
  const child = spawn(process.execPath, [...DAEMON_FLAGS, main, home], {
    detached: true,
    stdio: ["ignore", output, output],
    env: { ...withoutCloudAccess(process.env), NODE_COMPILE_CACHE: compileCache(), SANDBOX_HOME: home },
  });
  closeSync(output);
  child.unref();
  let failed: string | undefined;
  child.once("error", (error) => (failed = error.message));
  child.once("exit", (code, signal) => (failed = signal === null ? `exit code ${String(code)}` : `ended by ${signal}`));
  const until = Date.now() + START_SECONDS * 1000;
  while (Date.now() < until) {
    const daemon = await findDaemon(home);
    if (daemon !== undefined) return daemon;
    // One that ends because another holds the lock is no failure: that other one is about to answer.
    const info = readDaemon(home);
    if (failed !== undefined && (info === undefined || !isDaemonAlive(info, home))) break;
    await pause(50);
  }
  throw new UserError("The sandbox daemon did not start.", [
    `reason: ${failed ?? `no answer within ${String(START_SECONDS)} s`}`,
    ...lastLines(log, 12),
    `The whole log: ${log}`,
  ]);
}

/** Stops the daemon and waits until its process is gone. Does nothing when none runs. */
export async function stopDaemon(home: string): Promise<boolean> {
  const info = readDaemon(home);
  if (info === undefined || !isDaemonAlive(info, home)) return false;
  const startedAt = identify(info.pid)?.startedAt;
  try {
    await new ControlClient(info).stop();
  } catch {
    // It lives but does not answer: the signal has the same meaning.
    process.kill(info.pid, "SIGTERM");
  }
  const until = Date.now() + STOP_SECONDS * 1000;
  while (Date.now() < until) {
    // By its start and not by its command line, which a process loses before it has let go of its files.
    if (identify(info.pid)?.startedAt !== startedAt) return true;
    await pause(50);
  }
  throw new UserError(`The sandbox daemon (process ${String(info.pid)}) did not stop within ${String(STOP_SECONDS)} s.`, [
    `End it with: kill -9 ${String(info.pid)}`,
    "The next start ends what it leaves behind.",
  ]);
}

function lastLines(file: string, count: number): string[] {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-count);
  } catch {
    return [];
  }
}
