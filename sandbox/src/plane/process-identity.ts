import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Who a process is, and what tells it from another that gets the same number later. */
export interface ProcessIdentity {
  /** The whole command line as it is now, arguments joined by spaces. A program may change its own. */
  readonly commandLine: string;
  /** When it started, in the system's own terms. With the number it stands for one process alone, over restarts of the machine as well; only ever compared. */
  readonly startedAt: string;
}

/** Who runs under this number, or undefined if nobody does (a zombie counts as nobody). */
export function identify(pid: number): ProcessIdentity | undefined {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    // The second field is the name in brackets and may hold anything; the state is the first field after it, the start time the twentieth (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    const commandLine = readFileSync(`/proc/${String(pid)}/cmdline`, "utf8")
      .replace(/\0$/, "")
      .replaceAll("\0", " ");
    // The start time is counted from the machine's own start, which has an id.
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return { commandLine, startedAt: `${boot}/${fields[19] ?? ""}` };
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): ProcessIdentity | undefined {
  const show = (column: string): string =>
    execFileSync("ps", ["-ww", "-o", `${column}=`, "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    if (show("stat").startsWith("Z")) return undefined;
    return { commandLine: show("command"), startedAt: show("lstart") };
  } catch {
    return undefined;
  }
}

/** Resident memory of a process and its direct children, in bytes; 0 where it cannot be told. */
export function memoryOf(pid: number): number {
  if (process.platform !== "linux") return residentByPs(pid);
  try {
    const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, "utf8").trim();
    return [pid, ...children.split(" ").filter(Boolean).map(Number)].reduce((sum, each) => sum + proportionalSize(each), 0);
  } catch {
    return 0;
  }
}

/** Shared pages are divided among those who share them: PostgreSQL's processes would otherwise count its buffers many times. */
function proportionalSize(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${String(pid)}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function residentByPs(pid: number): number {
  try {
    return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }).trim()) * 1024;
  } catch {
    return 0;
  }
}
