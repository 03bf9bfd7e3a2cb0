import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lastLines } from "./log-file.ts";
import { identify, type ProcessIdentity } from "./process-identity.ts";
import type { ProcessSpec, ProcessStatus } from "./process-spec.ts";
import { killGroup, SupervisedProcess } from "./supervised-process.ts";

export type { ProcessSpec, ProcessStatus } from "./process-spec.ts";

/** A process that answers. */
export interface Running {
  readonly name: string;
  /** Its number now; a restart changes it, and it is undefined while it waits for one. */
  readonly pid: () => number | undefined;
  /** The last lines that it wrote, oldest first. */
  readonly lastLines: () => readonly string[];
}

/** How long leftovers may take to end before they are killed, and then until they are given up. */
const SWEEP_MS = 3000;
const SWEEP_POLL_MS = 10;

interface PidFile extends ProcessIdentity {
  readonly pid: number;
  readonly stopSignal: NodeJS.Signals;
}

/** Starts the sandbox's child processes, starts them again when they die, and ends them. */
export class Supervisor {
  private readonly runFolder: string;
  private readonly logFolder: string;
  private readonly note: (message: string) => void;
  private readonly now: () => number;
  private readonly processes = new Map<string, SupervisedProcess>();

  constructor(options: { readonly home: string; readonly note: (message: string) => void; readonly now?: () => number }) {
    this.runFolder = join(options.home, "run");
    this.logFolder = join(options.home, "logs");
    this.note = options.note;
    this.now = options.now ?? Date.now;
    mkdirSync(this.runFolder, { recursive: true });
  }

  /**
   * Makes the process run and resolves when it answers. The same specification again changes nothing (what is volatile of it holds from the next start on);
   * another one stops the old process first.
   * Rejects, with the last lines it wrote, when it does not answer in time; with `restart: "always"` it is tried on and on all the same.
   */
  async run(spec: ProcessSpec): Promise<Running> {
    const known = this.processes.get(spec.name);
    if (known?.isOf(spec) === true) known.takeOver(spec);
    else if (known !== undefined) await this.stop(spec.name);
    let supervised = this.processes.get(spec.name);
    if (supervised === undefined) {
      supervised = new SupervisedProcess(spec, { ...this.files(spec.name), note: this.note, now: this.now });
      this.processes.set(spec.name, supervised);
      supervised.start();
    }
    const process = supervised;
    try {
      await process.answers(spec.readyTimeoutMs);
    } catch (error) {
      if (spec.restart === "never" && this.processes.get(spec.name) === process) await this.stop(spec.name);
      throw error;
    }
    return { name: spec.name, pid: () => process.status().pid, lastLines: () => process.lastLines() };
  }

  /** Ends the process with its own stop signal (or this one), and with SIGKILL when that takes too long; with it ends what it started. An unknown name is fine. */
  async stop(name: string, signal?: NodeJS.Signals): Promise<void> {
    const process = this.processes.get(name);
    if (process === undefined) return;
    await process.end(signal);
    if (this.processes.get(name) === process) this.processes.delete(name);
  }

  /** Ends every process, the youngest first, so that what others stand on goes last. */
  async stopAll(): Promise<void> {
    for (const name of [...this.processes.keys()].reverse()) await this.stop(name);
  }

  /** Every process that is meant to run. */
  list(): ProcessStatus[] {
    return [...this.processes.values()].map((process) => process.status());
  }

  /** How a process does; undefined if none of that name is meant to run. Cheap, unlike {@link list}. */
  stateOf(name: string): ProcessStatus["state"] | undefined {
    return this.processes.get(name)?.state;
  }

  /** The last lines that a process of this name wrote, oldest first, also before its last restart; undefined if none ever ran. */
  tail(name: string, lines: number): readonly string[] | undefined {
    // A name is a file's name here: whoever asks must not climb out of the folder.
    if (!/^[\w.-]+$/.test(name)) return undefined;
    return lastLines(this.files(name).logFile, lines) ?? (this.processes.has(name) ? [] : undefined);
  }

  /** Kills the process as a fault would, with SIGKILL; it is started again if its specification says so. Throws if no such process is known. */
  kill(name: string): void {
    const process = this.processes.get(name);
    if (process === undefined)
      throw new Error(`no process is called ${name}; there are: ${[...this.processes.keys()].join(", ") || "none"}`);
    process.kill();
  }

  /**
   * Ends what a killed daemon left running, and waits in place until it has ended: nothing may start before the leftovers have let go of their ports and files.
   * A number that now belongs to some other program is left alone.
   */
  sweep(): void {
    const files = readdirSync(this.runFolder).filter((file) => file.endsWith(".json") && !this.processes.has(nameIn(file)));
    const left = files.flatMap((file) => {
      const found = readPidFile(join(this.runFolder, file));
      return found !== undefined && isStill(found) ? [{ name: nameIn(file), ...found }] : [];
    });
    for (const { name, pid, stopSignal } of left) {
      this.note(`ending ${name} (process ${String(pid)}), left over from a daemon that was killed`);
      send(pid, stopSignal);
    }
    const stubborn = waitForEnd(left);
    // With those that have ended goes what they had started.
    for (const { pid } of left) killGroup(pid);
    for (const { name, pid } of waitForEnd(stubborn))
      this.note(`${name} (process ${String(pid)}) could not be ended; end it yourself`);
    for (const file of files) rmSync(join(this.runFolder, file), { force: true });
  }

  private files(name: string): { pidFile: string; logFile: string } {
    return { pidFile: join(this.runFolder, `${name}.json`), logFile: join(this.logFolder, `${name}.log`) };
  }
}

function readPidFile(file: string): PidFile | undefined {
  try {
    const { pid, startedAt, ...rest } = JSON.parse(readFileSync(file, "utf8")) as Partial<PidFile>;
    return pid === undefined || startedAt === undefined ? undefined : ({ pid, startedAt, ...rest } as PidFile);
  } catch {
    // Damaged: without a number and a start time nobody can be told for certain.
    return undefined;
  }
}

function nameIn(file: string): string {
  return file.replace(/\.json$/, "");
}

function isStill(left: PidFile): boolean {
  return identify(left.pid)?.startedAt === left.startedAt;
}

/** Blocks until all have ended or the time is up; returns those that have not. */
function waitForEnd<T extends PidFile>(processes: readonly T[]): T[] {
  const deadline = Date.now() + SWEEP_MS;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let left = processes.filter(isStill);
  while (left.length > 0 && Date.now() < deadline) {
    Atomics.wait(pause, 0, 0, SWEEP_POLL_MS);
    left = left.filter(isStill);
  }
  return left;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}
