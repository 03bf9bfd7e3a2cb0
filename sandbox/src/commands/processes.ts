import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether a process of that id exists (and has not merely ended without being waited for). */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return commandOf(pid) !== undefined;
}

/** The command line of a process, or undefined when there is no such process or it has ended. */
export function commandOf(pid: number): string | undefined {
  const text = process.platform === "linux" ? fromProc(pid) : fromPs(pid);
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}

function fromProc(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): string | undefined {
  try {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}
