import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { LogFile } from "./log-file.ts";
import { identify, memoryOf } from "./process-identity.ts";
import { type ProcessSpec, type ProcessStatus, sameSpec } from "./process-spec.ts";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** Who ran this long gets the short pause again. */
const HEALTHY_MS = 30_000;
const STOP_MS = 10_000;
const PROBE_MS = 25;
/** How long what a dead process wrote may still be on its way, where something that it started holds its pipes. */
const LINGER_MS = 500;
const KEPT_LINES = 30;
/** What goes on without an end of a line is cut here, so that it fills no memory. The largest event of CloudWatch Logs is four times that. */
const LONGEST_LINE = 256 * 1024;

interface Surroundings {
  readonly pidFile: string;
  readonly logFile: string;
  readonly note: (message: string) => void;
  readonly now: () => number;
}

/** One process under supervision, through all its restarts. */
export class SupervisedProcess {
  private spec: ProcessSpec;
  private readonly around: Surroundings;
  private readonly log: LogFile;
  private readonly kept: string[] = [];
  private readonly ending = new AbortController();
  private child: ChildProcess | undefined;
  state: ProcessStatus["state"] = "starting";
  private restarts = 0;
  private startedAt = 0;
  private pauseMs = FIRST_PAUSE_MS;
  /** Tells of each new state. */
  private readonly changes = new EventEmitter();
  /** What has gone wrong around it and was told, so that it is told once. */
  private readonly told = new Set<string>();

  constructor(spec: ProcessSpec, around: Surroundings) {
    this.spec = spec;
    this.around = around;
    this.log = new LogFile(around.logFile);
  }

  /** Starts it for the first time. */
  start(): void {
    this.launch();
  }

  /** Whether it runs, or will, just as this specification asks. */
  isOf(spec: ProcessSpec): boolean {
    return this.state !== "stopped" && sameSpec(this.spec, spec);
  }

  /** Takes over what a specification of the same process says for its next start, and who hears its lines from now on. */
  takeOver(spec: ProcessSpec): void {
    this.spec = spec;
  }

  lastLines(): readonly string[] {
    return this.kept;
  }

  status(): ProcessStatus {
    const pid = this.child?.pid;
    const memoryBytes = pid === undefined ? 0 : memoryOf(pid);
    return { name: this.spec.name, pid, state: this.state, restarts: this.restarts, startedAt: this.startedAt, memoryBytes };
  }

  /** Resolves when it answers; rejects when it has ended for good or the time is up. */
  async answers(timeoutMs: number): Promise<void> {
    const late = AbortSignal.timeout(Math.ceil(timeoutMs));
    while (this.state !== "ready") {
      if (this.state === "stopped") throw this.failure("ended before it answered");
      if (late.aborted) throw this.failure(`did not answer within ${String(timeoutMs / 1000)} s`);
      await once(this.changes, "state", { signal: late }).catch(() => undefined);
    }
  }

  /** Kills the process and what it started. */
  kill(): void {
    if (this.child?.pid !== undefined) killGroup(this.child.pid);
  }

  /**
   * Ends it for good. The signal goes to the process itself, which ends what it started in its own order, as after `docker stop`: PostgreSQL's
   * processes, say, each take SIGINT for something else. What is left when it has ended is killed.
   */
  async end(signal: NodeJS.Signals = this.spec.stopSignal): Promise<void> {
    this.ending.abort();
    const child = this.child;
    if (child !== undefined) {
      const closed = new Promise((resolve) => child.once("close", resolve));
      child.kill(signal);
      const killer = setTimeout(() => {
        this.kill();
      }, this.spec.stopTimeoutMs ?? STOP_MS);
      await closed;
      clearTimeout(killer);
    }
    this.stopped();
  }

  private launch(): void {
    this.startedAt = this.around.now();
    this.enter("starting");
    const child = this.spawn();
    if (child === undefined) {
      this.died("could not be started");
      return;
    }
    this.child = child;
    this.attempt("its process number could not be kept", () => {
      this.recordPid(child);
    });
    this.readLines(child);
    child.once("error", (error) => {
      this.take(`cannot start ${this.spec.command}: ${error.message}`);
    });
    child.once("exit", () => {
      endRemains(child);
    });
    child.once("close", (code, signal) => {
      this.died(code === null ? `ended by ${signal ?? "a signal"}` : `ended with code ${String(code)}`);
    });
    if ("probe" in this.spec.ready) void this.probeUntilReady(child, this.spec.ready.probe);
  }

  private spawn(): ChildProcess | undefined {
    const { command, args, env, cwd, uid, gid } = this.spec;
    try {
      return spawn(command, args, {
        cwd,
        env,
        // Its own process group: Ctrl-C in the daemon's terminal must not reach it, and its children end with it.
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        ...(uid === undefined ? {} : { uid }),
        ...(gid === undefined ? {} : { gid }),
      });
    } catch (error) {
      // Most refusals of the system come as an event; a few, such as a foreign account, at once.
      this.take(`cannot start ${command}: ${messageOf(error)}`);
      return undefined;
    }
  }

  private recordPid(child: ChildProcess): void {
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity === undefined) return;
    const partial = `${this.around.pidFile}.part`;
    writeFileSync(partial, JSON.stringify({ pid: child.pid, ...identity, stopSignal: this.spec.stopSignal }), { mode: 0o600 });
    renameSync(partial, this.around.pidFile);
  }

  private readLines(child: ChildProcess): void {
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        this.attempt("its log could not be written", () => {
          this.log.write(chunk);
        });
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) this.take(line);
        if (rest.length < LONGEST_LINE) return;
        this.take(rest);
        rest = "";
      });
      stream?.on("end", () => {
        if (rest !== "") this.take(rest);
      });
    }
  }

  /** A full disk or a listener's fault must end neither the daemon nor the process. Told once. */
  private attempt(otherwise: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!this.told.has(otherwise)) this.around.note(`${this.spec.name}: ${otherwise}: ${messageOf(error)}`);
      this.told.add(otherwise);
    }
  }

  private take(line: string): void {
    this.kept.push(line);
    if (this.kept.length > KEPT_LINES) this.kept.shift();
    this.attempt("a line of it could not be passed on", () => this.spec.onLine?.(line));
    if (this.state === "starting" && "line" in this.spec.ready && this.spec.ready.line(line)) this.enter("ready");
  }

  private async probeUntilReady(child: ChildProcess, probe: () => Promise<boolean>): Promise<void> {
    const waits = (): boolean => this.child === child && this.state === "starting" && !this.ending.signal.aborted;
    while (waits()) {
      const answered = await probe().catch(() => false);
      // A foreign answer does not count: only a process that still runs can be ready.
      if (answered && waits()) this.enter("ready");
      else await delay(PROBE_MS);
    }
  }

  private died(how: string): void {
    this.child = undefined;
    rmSync(this.around.pidFile, { force: true });
    if (this.ending.signal.aborted) return;
    if (this.spec.restart === "never" || this.spec.isReplaced?.() === true) {
      this.stopped();
      this.around.note(`${this.spec.name} ${how}`);
      return;
    }
    if (this.around.now() - this.startedAt > HEALTHY_MS) this.pauseMs = FIRST_PAUSE_MS;
    this.around.note(`${this.spec.name} ${how}; starting it again in ${String(this.pauseMs)} ms`);
    this.enter("waiting");
    void this.launchAfter(this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
  }

  private async launchAfter(pauseMs: number): Promise<void> {
    await delay(pauseMs, undefined, { signal: this.ending.signal }).catch(() => undefined);
    if (this.ending.signal.aborted) return;
    this.restarts++;
    this.launch();
  }

  private stopped(): void {
    this.enter("stopped");
    this.log.close();
  }

  private enter(state: ProcessStatus["state"]): void {
    this.state = state;
    this.changes.emit("state");
  }

  private failure(what: string): Error {
    const last = this.kept.slice(-10).map((line) => `  ${line}`);
    return new Error(
      [`${this.spec.name} ${what}${last.length > 0 ? "; its last lines:" : ", and wrote nothing"}`, ...last].join("\n"),
    );
  }
}

/** What a dead process had started ends with it, as in a container, and does not hold its pipes open. */
function endRemains(leader: ChildProcess): void {
  if (leader.pid === undefined) return;
  killGroup(leader.pid);
  // Who has left the group may live on; nobody listens to it any more.
  setTimeout(() => {
    leader.stdout?.destroy();
    leader.stderr?.destroy();
  }, LINGER_MS).unref();
}

/** Kills every process of the group that this one leads or led; none is fine. */
export function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // They ended by themselves in this instant.
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
