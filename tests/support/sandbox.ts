import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ControlClient } from "../../sandbox/src/commands/control.ts";
import type { DaemonInfo, SandboxStatus } from "../../sandbox/src/control/shapes.ts";
import { root } from "../runner/groups.ts";

/** How a command of the sandbox ended. */
export interface Ended {
  readonly code: number | null;
  /** Standard output and error, as they came. */
  readonly output: string;
}

/** A command under way. */
export interface UnderWay {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A sandbox of a test's own: its folder, its stack and its configuration file are nobody else's. */
export class TestSandbox {
  readonly home = join(openFolder(), "home");
  readonly stack = `sandbox-test-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  readonly configFile = join(root, "stacks/config", `Pulumi.${this.stack}.yaml`);

  /** Starts a command as the npm scripts do, such as `begin("pulumi", "preview")`. */
  begin(...args: readonly string[]): UnderWay {
    const child = spawn(process.execPath, [join(root, "sandbox/bin/sandbox.ts"), ...args], {
      cwd: root,
      env: { ...process.env, SANDBOX_HOME: this.home, SANDBOX_STACK: this.stack, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const ended = new Promise<Ended>((resolve) => {
      child.once("close", (code) => {
        resolve({ code, output });
      });
    });
    return { child, ended };
  }

  /** Runs a command to its end, however that ends. */
  run(...args: readonly string[]): Promise<Ended> {
    return this.begin(...args).ended;
  }

  /** Runs a command that must succeed, and gives what it printed. */
  async succeed(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.run(...args);
    assert.equal(code, 0, `${args.join(" ")}:\n${output}`);
    return output;
  }

  /** Runs a command that must fail, and gives what it printed. */
  async fail(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.run(...args);
    assert.notEqual(code, 0, `${args.join(" ")} should have failed:\n${output}`);
    return output;
  }

  /** What the running daemon has announced. */
  daemon(): DaemonInfo {
    return JSON.parse(readFileSync(join(this.home, "daemon.json"), "utf8")) as DaemonInfo;
  }

  control(): ControlClient {
    return new ControlClient(this.daemon());
  }

  status(): Promise<SandboxStatus> {
    return this.control().status();
  }

  /** The local address of the product. */
  async productUrl(): Promise<string> {
    const [door] = (await this.status()).doors;
    assert.ok(door, "the sandbox has no door");
    return door.url;
  }

  /** The resources in the stack's state file. */
  stateResources(): { urn: string; type: string; id?: string }[] {
    const { checkpoint } = JSON.parse(readFileSync(this.stateFile(), "utf8")) as {
      checkpoint: { latest?: { resources?: { urn: string; type: string; id?: string }[] } };
    };
    return checkpoint.latest?.resources ?? [];
  }

  stateFile(): string {
    return join(this.home, "state/.pulumi/stacks/platform", `${this.stack}.json`);
  }

  /** Processes whose command line or environment names this sandbox's folder: every process of it does. */
  processes(): { pid: number; command: string }[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .map((pid) => ({ pid: Number(pid), command: read(`/proc/${pid}/cmdline`), env: read(`/proc/${pid}/environ`) }))
      .filter(({ command, env }) => command !== "" && (command.includes(this.home) || env.includes(this.home)))
      .map(({ pid, command }) => ({ pid, command: command.replaceAll("\0", " ").trim() }));
  }

  /** Ends whatever is left and removes every file; for a test's own clearing up, also after it failed. */
  async clear(): Promise<void> {
    if (existsSync(this.home)) await this.run("reset", "--yes");
    for (const { pid } of this.processes()) process.kill(pid, "SIGKILL");
    rmSync(join(this.home, ".."), { recursive: true, force: true, maxRetries: 5 });
    rmSync(this.configFile, { force: true });
  }
}

/** Waits until `look` gives something, asking again and again; fails with `what` after the time. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await Promise.resolve()
      .then(look)
      .catch(() => undefined);
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${String(seconds)} s in vain: ${what}`);
    await pause(20);
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The process has ended meanwhile.
    return "";
  }
}

/** A folder that the user of the database servers may pass through, so that their data lies in the sandbox's own home. */
function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "platform-sandbox-"));
  chmodSync(folder, 0o711);
  return folder;
}
