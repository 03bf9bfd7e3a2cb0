import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ProcessSpec, Supervisor } from "../../../sandbox/src/plane/supervisor.ts";
import { eventually, runs, scratch } from "./support.ts";

describe("Supervisor", () => {
  let folder: ReturnType<typeof scratch>;
  let supervisor: Supervisor;
  let notes: string[];
  let clock: number;
  beforeEach(() => {
    folder = scratch();
    notes = [];
    clock = 0;
    supervisor = new Supervisor({ home: folder.path, note: (message) => notes.push(message), now: () => clock });
  });
  afterEach(async () => {
    await supervisor.stopAll();
    folder.remove();
  });

  /** A program of the shell that counts as ready once it writes `ready`. */
  function shell(script: string, changes: Partial<ProcessSpec> = {}): ProcessSpec {
    return {
      name: "program",
      command: "/bin/sh",
      args: ["-c", script],
      env: { PATH: "/usr/bin:/bin" },
      cwd: folder.path,
      ready: { line: (line) => line === "ready" },
      readyTimeoutMs: 10_000,
      restart: "always",
      stopSignal: "SIGTERM",
      ...changes,
    };
  }

  const pid = (name = "program"): number | undefined => supervisor.list().find((process) => process.name === name)?.pid;
  const state = (name = "program"): string | undefined => supervisor.list().find((process) => process.name === name)?.state;
  const log = (name = "program"): string => readFileSync(join(folder.path, "logs", `${name}.log`), "utf8");

  describe("run", () => {
    it("resolves when the program writes the line that it is ready by", async () => {
      clock = 1234;
      const running = await supervisor.run(shell("echo starting; echo ready; exec sleep 60"));
      assert.equal(running.name, "program");
      assert.deepEqual(running.lastLines(), ["starting", "ready"]);
      const [status] = supervisor.list();
      assert.deepEqual(
        { ...status, memoryBytes: (status?.memoryBytes ?? 0) > 0 },
        { name: "program", pid: running.pid(), state: "ready", restarts: 0, startedAt: 1234, memoryBytes: true },
      );
    });

    it("resolves when a probe of it is answered", async () => {
      const answers = [false, false, true];
      const probe = (): Promise<boolean> => Promise.resolve(answers.shift() ?? false);
      await supervisor.run(shell("exec sleep 60", { ready: { probe } }));
      assert.deepEqual(answers, []);
    });

    it("gives the program the environment and the folder of its specification, and nothing of the daemon's", async () => {
      const env = { GREETING: "good day", PATH: "/bin:/usr/bin" };
      await supervisor.run(shell("env; pwd; echo ready; exec sleep 60", { env }));
      const own = log()
        .split("\n")
        .filter((line) => !/^(PWD|OLDPWD|_|SHLVL)=/.test(line))
        .sort();
      assert.deepEqual(own, ["", folder.path, "GREETING=good day", "PATH=/bin:/usr/bin", "ready"].sort());
    });

    it("changes nothing when it is asked for the same again", async () => {
      const first = (await supervisor.run(shell("echo ready; exec sleep 60"))).pid();
      assert.equal((await supervisor.run(shell("echo ready; exec sleep 60"))).pid(), first);
    });

    it("starts it anew when its environment, arguments or program are others", async () => {
      const before = (await supervisor.run(shell("echo ready; exec sleep 60"))).pid();
      const after = (await supervisor.run(shell("echo ready; exec sleep 60", { env: { A: "1" } }))).pid();
      assert.notEqual(after, before);
      assert.ok(!runs(before));
    });

    it("keeps it running when only what is volatile changes, and starts it with that the next time", async () => {
      const script = 'echo "token $TOKEN"; echo ready; exec sleep 60';
      const spec = (token: string): ProcessSpec =>
        shell(script, { env: { PATH: "/bin:/usr/bin", TOKEN: token }, volatileEnv: ["TOKEN"] });
      const before = (await supervisor.run(spec("old"))).pid();
      assert.equal((await supervisor.run(spec("new"))).pid(), before);
      supervisor.kill("program");
      await eventually("it is back", () => log() === "token old\nready\ntoken new\nready\n");
    });

    it("hands the lines to whoever asked last", async () => {
      const heard: string[] = [];
      const script = "echo ready; while read line; do echo $line; done < fifo; exec sleep 60";
      await supervisor.run(shell("mkfifo fifo; echo ready", { name: "fifo", restart: "never" }));
      await supervisor.run(shell(script, { onLine: (line) => heard.push(`first: ${line}`) }));
      await supervisor.run(shell(script, { onLine: (line) => heard.push(`second: ${line}`) }));
      writeFileSync(join(folder.path, "fifo"), "hello\n");
      await eventually("the line has arrived", () => heard.length === 2);
      assert.deepEqual(heard, ["first: ready", "second: hello"]);
    });

    it("rejects with the last lines when there is no answer in time, and goes on trying", async () => {
      await assert.rejects(supervisor.run(shell("echo no database; exec sleep 60", { readyTimeoutMs: 500 })), {
        message: "program did not answer within 0.5 s; its last lines:\n  no database",
      });
      assert.equal(state(), "starting");
    });

    it("rejects when a program that is not to be started again ends first, and forgets it", async () => {
      await assert.rejects(supervisor.run(shell("exit 3", { restart: "never" })), {
        message: "program ended before it answered, and wrote nothing",
      });
      assert.deepEqual(notes, ["program ended with code 3"]);
      assert.deepEqual(supervisor.list(), []);
    });

    it("runs a program again that is not started again by itself and has ended", async () => {
      const once = shell("echo ready; exit 0", { restart: "never" });
      await supervisor.run(once);
      await eventually("it has ended", () => state() === "stopped");
      await supervisor.run(once);
      assert.equal(log(), "ready\nready\n");
    });
  });

  describe("a program that dies", () => {
    it("is started again", async () => {
      const before = (await supervisor.run(shell("echo ready; exec sleep 60"))).pid();
      supervisor.kill("program");
      await eventually("it is back", () => state() === "ready" && pid() !== before);
      assert.equal(supervisor.list()[0]?.restarts, 1);
      assert.deepEqual(notes, ["program ended by SIGKILL; starting it again in 100 ms"]);
    });

    it("is started again after a pause that doubles, and goes back when it has run for half a minute", async () => {
      await supervisor.run(shell("echo ready; exec sleep 60"));
      for (let deaths = 1; deaths <= 5; deaths++) {
        if (deaths === 4) clock += 30_001;
        supervisor.kill("program");
        await eventually("it is back", () => notes.length === deaths && state() === "ready");
      }
      assert.deepEqual(
        notes.map((note) => /in (\d+) ms/.exec(note)?.[1]),
        ["100", "200", "400", "100", "200"],
      );
    });

    it("takes what it had started with it, so that nothing of it holds its ports", async () => {
      const before = (await supervisor.run(shell("sleep 61 & echo $!; echo ready; wait"))).pid();
      const child = Number(log().split("\n")[0]);
      assert.ok(runs(child));
      process.kill(before ?? 0, "SIGKILL");
      await eventually("it is back", () => state() === "ready" && pid() !== before);
      assert.ok(!runs(child));
    });

    it("is started again also while something that left its group still holds its output", async () => {
      const escape =
        'const { spawn } = require("node:child_process"); console.log(spawn("sleep", ["60"], { detached: true, stdio: "inherit" }).pid); console.log("ready"); setInterval(() => {}, 1000)';
      const before = (await supervisor.run(shell("", { command: process.execPath, args: ["-e", escape] }))).pid();
      const escaped = Number(log().split("\n")[0]);
      try {
        supervisor.kill("program");
        await eventually("it is back", () => state() === "ready" && pid() !== before);
        assert.ok(runs(escaped));
      } finally {
        for (const line of log().split("\n")) if (/^\d+$/.test(line)) process.kill(Number(line));
      }
    });

    for (const [what, changes, words] of [
      ["does not exist", { command: "/no/such/program" }, "cannot start /no/such/program: spawn /no/such/program ENOENT"],
      ["has no folder to run in", { cwd: "/no/such/folder" }, "cannot start /bin/sh: spawn /bin/sh ENOENT"],
      ["is given what the system does not take", { args: ["a\0b"] }, /^cannot start \/bin\/sh: .*null bytes/],
    ] as const) {
      it(`says so where the program ${what}, and tries on`, async () => {
        const heard: string[] = [];
        const running = supervisor.run(shell("", { ...changes, readyTimeoutMs: 100, onLine: (line) => heard.push(line) }));
        await assert.rejects(running, /^Error: program did not answer within 0.1 s; its last lines:\n {2}cannot start/);
        await eventually("it is tried again", () => heard.length >= 2);
        if (typeof words === "string") assert.equal(heard[0], words);
        else assert.match(heard[0] ?? "", words);
      });
    }
  });

  describe("stop", () => {
    it("sends the stop signal to the program alone, waits for its end, and then ends what it had started", async () => {
      const child = '(trap "echo child: TERM" TERM; echo child $!; while :; do sleep 0.05; done)';
      const leader = `trap "echo leader: TERM; exit 0" TERM; ${child} & echo $!; echo ready; while :; do sleep 0.05; done`;
      await supervisor.run(shell(leader));
      const [leading, started] = [pid(), Number(/^\d+$/m.exec(log())?.[0])];
      assert.ok(runs(started));
      await supervisor.stop("program");
      assert.match(log(), /^leader: TERM$/m);
      assert.doesNotMatch(log(), /child: TERM/);
      assert.ok(!runs(leading));
      await eventually("what it had started has ended", () => !runs(started));
      assert.deepEqual(supervisor.list(), []);
      assert.deepEqual(notes, []);
    });

    it("sends another signal where one is asked for", async () => {
      await supervisor.run(shell('trap "echo INT; exit 0" INT; echo ready; while :; do sleep 0.05; done'));
      await supervisor.stop("program", "SIGINT");
      assert.equal(log(), "ready\nINT\n");
    });

    it("kills a program that does not end in its time", async () => {
      await supervisor.run(shell('trap "" TERM; echo ready; while :; do sleep 0.05; done', { stopTimeoutMs: 50 }));
      const before = pid();
      await supervisor.stop("program");
      assert.ok(!runs(before));
    });

    it("ends the wait for the next start of a program that died", async () => {
      await supervisor.run(shell("echo ready; exit 1"));
      await eventually("it waits", () => state() === "waiting");
      await supervisor.stop("program");
      assert.deepEqual(supervisor.list(), []);
    });

    it("ends also what could not even be started", async () => {
      const running = supervisor.run(shell("", { command: "/no/such/program" }));
      await supervisor.stop("program");
      await assert.rejects(running, /^Error: program ended before it answered/);
      assert.deepEqual(supervisor.list(), []);
    });

    it("is content with a name that it does not know", async () => {
      await supervisor.stop("nobody");
    });
  });

  it("ends all programs, the youngest first", async () => {
    const ended: string[] = [];
    for (const name of ["database", "app"]) {
      const script = `trap "echo ended; exit 0" TERM; echo ready; while :; do sleep 0.05; done`;
      await supervisor.run(shell(script, { name, onLine: (line) => line === "ended" && ended.push(name) }));
    }
    await supervisor.stopAll();
    assert.deepEqual(ended, ["app", "database"]);
  });

  it("kills no program that it does not know, and says which there are", async () => {
    assert.throws(() => {
      supervisor.kill("app");
    }, new Error("no process is called app; there are: none"));
    await supervisor.run(shell("echo ready; exec sleep 60"));
    assert.throws(() => {
      supervisor.kill("app");
    }, new Error("no process is called app; there are: program"));
  });

  describe("the log", () => {
    it("keeps both outputs, over restarts and stops", async () => {
      const spec = shell("echo out; echo err >&2; sleep 0.1; echo ready; exec sleep 60");
      await supervisor.run(spec);
      await supervisor.stop("program");
      await supervisor.run(spec);
      assert.deepEqual([...(supervisor.tail("program", 3) ?? [])].sort(), ["err", "out", "ready"]);
      assert.equal(supervisor.tail("program", 100)?.length, 6);
    });

    it("is empty for a program that has written nothing, and unknown for one that never ran", async () => {
      await supervisor.run(shell("exec sleep 60", { ready: { probe: () => Promise.resolve(true) } }));
      assert.deepEqual(supervisor.tail("program", 10), []);
      assert.equal(supervisor.tail("nobody", 10), undefined);
    });

    it("cannot be used to read other files", () => {
      writeFileSync(join(folder.path, "secret.log"), "secret\n");
      assert.equal(supervisor.tail("../secret", 10), undefined);
    });

    it("that cannot be written is told once, and ends neither the program nor the daemon", async () => {
      writeFileSync(join(folder.path, "logs"), "a file where the folder should be");
      await supervisor.run(shell("echo one; sleep 0.1; echo ready; exec sleep 60"));
      assert.equal(state(), "ready");
      assert.equal(notes.length, 1);
      assert.match(notes[0] ?? "", /^program: its log could not be written: EEXIST/);
    });

    it("is passed on in pieces where a line has no end", async () => {
      const pieces: number[] = [];
      const script = "echo ready; head -c 600000 /dev/zero | tr '\\0' x; exec sleep 60";
      await supervisor.run(shell(script, { onLine: (line) => pieces.push(line.length) }));
      await eventually("most of it has arrived", () => pieces.reduce((sum, length) => sum + length, 0) > 500_000);
      assert.ok(
        pieces.slice(1).every((length) => length >= 262_144 && length < 400_000),
        pieces.join(),
      );
    });

    it("goes on when whoever hears the lines fails, which is told once", async () => {
      const onLine = (): never => {
        throw new Error("no such log group");
      };
      await supervisor.run(shell("echo one; echo two; echo ready; exec sleep 60", { onLine }));
      assert.equal(log(), "one\ntwo\nready\n");
      assert.deepEqual(notes, ["program: a line of it could not be passed on: no such log group"]);
    });
  });

  it("goes on where the process number cannot be kept, and says so", async () => {
    mkdirSync(join(folder.path, "run", "program.json.part"));
    await supervisor.run(shell("echo ready; exec sleep 60"));
    assert.match(notes.join("\n"), /^program: its process number could not be kept: EISDIR/);
  });
});
