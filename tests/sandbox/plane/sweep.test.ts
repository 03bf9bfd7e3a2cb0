import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identify } from "../../../sandbox/src/plane/process-identity.ts";
import { Supervisor } from "../../../sandbox/src/plane/supervisor.ts";
import { eventually, runs, scratch } from "./support.ts";

/** A daemon in a process of its own, which runs one program of the shell and lives until it is killed. */
const DAEMON = `
  import { Supervisor } from ${JSON.stringify(import.meta.resolve("../../../sandbox/src/plane/supervisor.ts"))};
  const [home, script] = process.argv.slice(1);
  const supervisor = new Supervisor({ home, note: () => undefined });
  await supervisor.run({
    name: "program", command: "/bin/sh", args: ["-c", script], env: { PATH: "/usr/bin:/bin" }, cwd: home,
    ready: { line: (line) => line === "ready" }, readyTimeoutMs: 10_000, restart: "always", stopSignal: "SIGTERM",
  });
  setInterval(() => undefined, 1000);
  console.log("runs");
`;

describe("Supervisor.sweep", () => {
  let folder: ReturnType<typeof scratch>;
  let notes: string[];
  let started: ChildProcess[];
  beforeEach(() => {
    folder = scratch();
    notes = [];
    started = [];
  });
  afterEach(() => {
    for (const child of started) child.kill("SIGKILL");
    folder.remove();
  });

  const next = (): Supervisor => new Supervisor({ home: folder.path, note: (message) => notes.push(message) });
  const pidFile = (name: string): string => join(folder.path, "run", `${name}.json`);

  /** Starts the program under a daemon, kills the daemon with SIGKILL, and gives the number of the program that it left. */
  async function leave(script: string): Promise<number> {
    const daemon = spawn(process.execPath, ["--input-type=module", "-e", DAEMON, folder.path, script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    started.push(daemon);
    await once(daemon.stdout, "data");
    daemon.kill("SIGKILL");
    await once(daemon, "exit");
    const { pid } = JSON.parse(readFileSync(pidFile("program"), "utf8")) as { pid: number };
    assert.ok(runs(pid), "the program has outlived its daemon");
    return pid;
  }

  /** A program that the daemon under test has nothing to do with. */
  async function innocent(): Promise<number> {
    const child = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    started.push(child);
    await once(child, "spawn");
    return child.pid ?? 0;
  }

  function writePidFile(name: string, content: unknown): void {
    mkdirSync(join(folder.path, "run"), { recursive: true });
    writeFileSync(pidFile(name), typeof content === "string" ? content : JSON.stringify(content));
  }

  it("ends what a killed daemon left, with its own stop signal, and says so", async () => {
    const pid = await leave('trap "echo ended > end; exit 0" TERM; echo ready; while :; do sleep 0.05; done');
    next().sweep();
    assert.ok(!runs(pid));
    assert.equal(readFileSync(join(folder.path, "end"), "utf8"), "ended\n");
    assert.deepEqual(notes, [`ending program (process ${String(pid)}), left over from a daemon that was killed`]);
    assert.ok(!existsSync(pidFile("program")));
  });

  it("ends what the leftover had started", async () => {
    await leave('trap "exit 0" TERM; sleep 60 & echo $! > child; echo ready; while :; do sleep 0.05; done');
    const child = Number(readFileSync(join(folder.path, "child"), "utf8"));
    assert.ok(runs(child));
    next().sweep();
    await eventually("it has ended", () => !runs(child));
  });

  it("knows a program again that has taken another name since", async () => {
    const pid = await leave("echo ready; exec sleep 60");
    await eventually("the shell has become another program", () => identify(pid)?.commandLine === "sleep 60");
    next().sweep();
    assert.ok(!runs(pid));
  });

  it("never touches a program that got the number of one that has ended", async () => {
    const pid = await innocent();
    const { commandLine = "" } = identify(pid) ?? {};
    writePidFile("app", { pid, commandLine, startedAt: "an earlier moment", stopSignal: "SIGKILL" });
    next().sweep();
    assert.ok(runs(pid));
    assert.deepEqual(notes, []);
    assert.deepEqual(readdirSync(join(folder.path, "run")), []);
  });

  for (const [what, content] of [
    ["is cut off", '{"pid":1234,"comm'],
    ["is empty", ""],
    ["holds nothing", "{}"],
    ["is no object", "null"],
  ] as const) {
    it(`drops a pid file that ${what}, and ends nobody by it`, () => {
      writePidFile("app", content);
      next().sweep();
      assert.deepEqual(notes, []);
      assert.ok(!existsSync(pidFile("app")));
    });
  }

  it("leaves alone what it runs itself", async () => {
    const supervisor = next();
    const running = await supervisor.run({
      name: "program",
      command: "/bin/sh",
      args: ["-c", "echo ready; exec sleep 60"],
      env: { PATH: "/usr/bin:/bin" },
      cwd: folder.path,
      ready: { line: (line) => line === "ready" },
      readyTimeoutMs: 10_000,
      restart: "never",
      stopSignal: "SIGTERM",
    });
    supervisor.sweep();
    assert.ok(runs(running.pid()));
    await supervisor.stopAll();
    assert.deepEqual(notes, []);
  });
});

describe("identify", () => {
  it("tells two processes apart, and one from itself never", async () => {
    const start = async (seconds: string): Promise<ChildProcess> => {
      const child = spawn("sleep", [seconds]);
      await once(child, "spawn");
      return child;
    };
    const [one, two] = [await start("60"), await start("61")];
    assert.equal(identify(one.pid ?? 0)?.commandLine, "sleep 60");
    assert.deepEqual(identify(one.pid ?? 0), identify(one.pid ?? 0));
    assert.notDeepEqual(identify(one.pid ?? 0), identify(two.pid ?? 0));
    for (const child of [one, two]) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    assert.equal(identify(one.pid ?? 0), undefined);
  });
});
