import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";

/** A program that must not outlive this process. */
export interface Watched extends Omit<SpawnOptions, "stdio" | "detached"> {
  readonly command: string;
  readonly args: readonly string[];
  /** How it is told to stop. */
  readonly stopSignal: "INT" | "TERM";
  /** Where its output goes. @default "inherit" */
  readonly output?: "inherit" | "pipe";
}

/**
 * Becomes the program, beside a watcher that reads from a pipe of ours. The pipe closes when we end, even by SIGKILL, and the watcher then tells the program to stop.
 * The watcher is a grandchild, because PostgreSQL takes every child for one of its own.
 */
const WATCH = 'signal=$1; shift; ( ( read -r _ <&3; kill -s "$signal" $$ ) >/dev/null 2>&1 & ); exec "$@" 3<&-';

/** Starts the program in a process group of its own: Ctrl-C in the terminal is then for us, and we choose the order in which programs stop. */
export function spawnWatched({ command, args, stopSignal, output = "inherit", ...options }: Watched): ChildProcess {
  const child = spawn("/bin/sh", ["-c", WATCH, "sh", stopSignal, command, ...args], {
    ...options,
    detached: true,
    stdio: ["ignore", output, output, "pipe"],
  });
  child.once("exit", () => child.stdio[3]?.destroy());
  return child;
}
