import { familyOf, type ProcessTable, processTable } from "./process-table.ts";
import type { ProcessStatus, Supervisor } from "./supervisor.ts";

/** How a supervised process does, and what it has used since the look before. */
export interface ProcessLoad extends ProcessStatus {
  /** Processor time of it and what it has started. What a process used that has died meanwhile is lost. */
  readonly cpuSeconds: number;
  /** Whether it is stopped by a signal (SIGSTOP), so that it answers nobody. */
  readonly frozen: boolean;
}

/** All supervised processes between two looks. */
export interface Load {
  /** The time between the looks; 0 when they are one. */
  readonly seconds: number;
  /** By the name of the process. */
  readonly processes: ReadonlyMap<string, ProcessLoad>;
}

interface Look {
  readonly at: number;
  readonly used: ReadonlyMap<string, { readonly pid: number; readonly startedAt: number; readonly cpuSeconds: number }>;
}

/** Measures what the supervised processes use of the machine, from one look to the next. */
export class LoadMeter {
  private readonly processes: Pick<Supervisor, "list">;
  private readonly now: () => number;
  private readonly table: () => ProcessTable;
  private last: Look;

  /** Takes the first look, so that what was used before counts for nothing. */
  constructor(processes: Pick<Supervisor, "list">, now: () => number, table: () => ProcessTable = processTable) {
    this.processes = processes;
    this.now = now;
    this.table = table;
    this.last = { at: now(), used: usage(processes.list(), table()) };
  }

  /** What was used since the look before. */
  measure(): Load {
    const [list, table, at] = [this.processes.list(), this.table(), this.now()];
    const used = usage(list, table);
    const before = this.last;
    this.last = { at, used };
    const processes = list.map((status) => {
      const [now, then] = [used.get(status.name), before.used.get(status.name)];
      const same = now?.pid === then?.pid && now?.startedAt === then?.startedAt;
      // A child that leaves the family takes its time with it.
      const cpuSeconds = Math.max(0, (now?.cpuSeconds ?? 0) - (same ? (then?.cpuSeconds ?? 0) : 0));
      const frozen = status.pid !== undefined && table.get(status.pid)?.frozen === true;
      return [status.name, { ...status, cpuSeconds, frozen }] as const;
    });
    return { seconds: Math.max(0, at - before.at) / 1000, processes: new Map(processes) };
  }
}

function usage(list: readonly ProcessStatus[], table: ProcessTable): Look["used"] {
  const found = list.flatMap(({ name, pid, startedAt }) => {
    if (pid === undefined) return [];
    const cpuSeconds = familyOf(table, pid).reduce((sum, member) => sum + member.cpuSeconds, 0);
    return [[name, { pid, startedAt, cpuSeconds }] as const];
  });
  return new Map(found);
}
