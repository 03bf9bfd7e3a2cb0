import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Tally } from "./tally.ts";
import type { Message } from "./worker.ts";

const worker = fileURLToPath(new URL("worker.ts", import.meta.url));

/** How one group of test files ended. */
export interface SuiteResult extends Tally {
  /** One sentence a failure: the test and its reason, or what became of the runner. */
  readonly failures: readonly string[];
  /** The full titles of the tests that did not run. */
  readonly skips: readonly string[];
}

/** How long a suite may take. */
export interface SuiteLimits {
  /** The longest the whole suite may run, in seconds. @default 1200 */
  readonly totalSeconds?: number;
  /** How long the runner's process may live on after its last test, in seconds: what outlives that is a leak. @default 20 */
  readonly lingerSeconds?: number;
  /** Only list the tests and report each as skipped. @default false */
  readonly countOnly?: boolean;
  /** Do not print what the tests print. @default false */
  readonly quiet?: boolean;
}

/**
 * Runs test files in a process of their own and adds up what it reported. A runner that crashes, hangs, ends early or runs
 * no test is one failure more: silence never passes.
 */
export function runSuite(files: readonly string[], limits: SuiteLimits = {}): Promise<SuiteResult> {
  if (files.length === 0) return Promise.resolve(add(empty, "no test file was found"));
  const { totalSeconds = 1200, lingerSeconds = 20, countOnly = false, quiet = false } = limits;
  const child = fork(worker, countOnly ? ["--count", ...files] : [...files], {
    stdio: quiet ? ["ignore", "ignore", "ignore", "ipc"] : ["ignore", "inherit", "inherit", "ipc"],
    detached: process.platform !== "win32", // a group of its own, so that a stuck runner takes its children with it
  });
  return follow(child, totalSeconds, lingerSeconds);
}

const empty: SuiteResult = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };

function add(result: SuiteResult, failure: string): SuiteResult {
  return { ...result, failed: result.failed + 1, failures: [...result.failures, failure] };
}

function hear(result: SuiteResult, message: Message): SuiteResult {
  if (message.kind === "passed") return { ...result, passed: result.passed + 1 };
  if (message.kind === "failed") return add(result, `${message.title}: ${message.reason}`);
  if (message.kind === "end") return result;
  return { ...result, skipped: result.skipped + 1, skips: [...result.skips, message.title] };
}

function follow(child: ChildProcess, totalSeconds: number, lingerSeconds: number): Promise<SuiteResult> {
  return new Promise((resolve) => {
    let result = empty;
    let ended = false;
    let stuck: string | undefined;
    const stop = (why: string): void => {
      stuck = why;
      killGroup(child);
    };
    const total = setTimeout(stop, totalSeconds * 1000, `the runner was stopped after ${totalSeconds} s`);
    let linger: NodeJS.Timeout | undefined;
    const interrupted = (): void => {
      killGroup(child);
    };
    process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
    child.on("message", (message) => {
      result = hear(result, message as Message);
      if ((message as Message).kind !== "end") return;
      ended = true;
      linger = setTimeout(
        stop,
        lingerSeconds * 1000,
        `the runner was still alive ${lingerSeconds} s after its last test: a handle is open`,
      );
    });
    child.on("close", (code, signal) => {
      clearTimeout(total);
      clearTimeout(linger);
      process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
      resolve(judge(result, { ended, stuck, code, signal }));
    });
  });
}

interface Ending {
  readonly ended: boolean;
  readonly stuck: string | undefined;
  readonly code: number | null;
  readonly signal: string | null;
}

function judge(result: SuiteResult, { ended, stuck, code, signal }: Ending): SuiteResult {
  if (stuck !== undefined) return add(result, stuck);
  if (!ended) return add(result, `the runner crashed before its end (${signal === null ? `exit code ${code}` : signal})`);
  if (code !== 0 && result.failed === 0)
    return add(result, `the runner reported no failure and yet ended with ${signal ?? `exit code ${code}`}`);
  if (result.passed + result.failed + result.skipped === 0) return add(result, "the runner ran no test");
  return result;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL"); // the group is gone already
  }
}
