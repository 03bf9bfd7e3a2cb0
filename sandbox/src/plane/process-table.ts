import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What the system says of one process. */
export interface ProcessRow {
  /** The number of the process that started it. */
  readonly parent: number;
  /** Processor time that it has used, with that of its children that have ended. */
  readonly cpuSeconds: number;
  /** Whether it is stopped by a signal (SIGSTOP), so that it does nothing. */
  readonly frozen: boolean;
}

/** Every process of this machine by its number. */
export type ProcessTable = ReadonlyMap<number, ProcessRow>;

/** Ticks in a second in which Linux tells times to programs, on every processor that Node.js runs on (USER_HZ; see time(7)). */
const TICKS = 100;

/** Looks at all processes of this machine. One look costs some milliseconds. */
export function processTable(): ProcessTable {
  return process.platform === "linux" ? fromProc() : fromPs();
}

/** The process and everything that it has started, as far as that still runs under it. */
export function familyOf(table: ProcessTable, pid: number): ProcessRow[] {
  const children = Map.groupBy(table.keys(), (each) => table.get(each)?.parent);
  const members = [pid];
  // Grows while it is walked.
  for (const member of members) members.push(...(children.get(member) ?? []));
  return members.flatMap((member) => table.get(member) ?? []);
}

function fromProc(): ProcessTable {
  const rows = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [[Number(name), rowOfStat(readFileSync(`/proc/${name}/stat`, "utf8"))] as const];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
  return new Map(rows);
}

/** Reads `/proc/PID/stat` (proc(5)). */
export function rowOfStat(stat: string): ProcessRow {
  // The second field is the name in brackets, which may hold anything; what is counted from here is the third field and on.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), cpuSeconds: ticks / TICKS, frozen: fields[0] === "T" };
}

function fromPs(): ProcessTable {
  // -S adds the times of children that have ended.
  return rowsOfPs(execFileSync("ps", ["-axS", "-o", "pid=,ppid=,state=,time="], { encoding: "utf8" }));
}

/** Reads what `ps -o pid=,ppid=,state=,time=` prints. */
export function rowsOfPs(text: string): ProcessTable {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return new Map(
    lines.map((line) => {
      const [pid, parent, state = "", time = ""] = line.trim().split(/\s+/);
      return [Number(pid), { parent: Number(parent), cpuSeconds: secondsOf(time), frozen: state.startsWith("T") }];
    }),
  );
}

/** Seconds of a time such as `1-02:03:04` or `2:03.45`. */
function secondsOf(time: string): number {
  const [clock = "", days = "0"] = time.split("-").reverse();
  return Number(days) * 86_400 + clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}
