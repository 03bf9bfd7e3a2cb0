import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How a captured command ended. */
export interface Outcome {
  /** Exit code; null when a signal or the time limit ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Time limit in seconds; the command and its children are killed after it. @default - no limit */
  readonly seconds?: number;
  /** Called with each line as it comes, from stdout and stderr alike. */
  readonly onLine?: (line: string) => void;
}

/** Runs a command with no terminal and keeps what it prints. Never throws for a failing command; throws when it cannot be started. */
export async function capture(file: string, args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  // Its own process group, so that the time limit and Ctrl-C end its children (compilers, downloads) as well.
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const release = endWithUs(child);
  const limited = { out: false };
  const limit =
    options.seconds === undefined
      ? undefined
      : setTimeout(() => {
          limited.out = true;
          killGroup(child, "SIGKILL");
        }, options.seconds * 1000);
  try {
    const [stdout, stderr, code] = await Promise.all([
      collect(child.stdout, options.onLine),
      collect(child.stderr, options.onLine),
      new Promise<number | null>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", resolve);
      }),
    ]);
    return { code: limited.out ? null : code, stdout, stderr, timedOut: limited.out };
  } finally {
    clearTimeout(limit);
    release();
  }
}

/** Why a command failed, in one line: its time limit, or the last thing it said. */
export function reasonOf(outcome: Outcome, seconds?: number): string {
  if (outcome.timedOut) return `not finished after ${String(seconds)} s`;
  const said = lastLine(outcome.stderr) ?? lastLine(outcome.stdout);
  const ended = outcome.code === null ? "ended by a signal" : `exit code ${String(outcome.code)}`;
  return said === undefined ? ended : `${ended}: ${said}`;
}

async function collect(stream: NodeJS.ReadableStream, onLine: ((line: string) => void) | undefined): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    lines.push(line);
    onLine?.(line);
  }
  return lines.join("\n");
}

function lastLine(text: string): string | undefined {
  return text
    .split("\n")
    .map((line) => line.trim())
    .findLast((line) => line !== "");
}

/** Ends the child's group when we are told to end, then lets the signal take its usual course. */
function endWithUs(child: ChildProcess): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const onSignal = (signal: NodeJS.Signals): void => {
    killGroup(child, "SIGKILL");
    release();
    process.kill(process.pid, signal);
  };
  const release = (): void => {
    for (const signal of signals) process.removeListener(signal, onSignal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return release;
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}
