import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  ensureDaemon,
  findDaemon,
  isDaemonAlive,
  readDaemon,
  requireDaemon,
  stopDaemon,
} from "../../../sandbox/src/commands/daemon.ts";
import { identify } from "../../../sandbox/src/plane/process-identity.ts";
import { silent } from "../../../sandbox/src/toolchain/progress.ts";
import { sandboxVersion } from "../../../sandbox/src/version.ts";
import { Scratch, STAND_IN } from "./support.ts";

describe("the daemon of a home", () => {
  let scratch: Scratch;
  let home: string;
  beforeEach(() => {
    scratch = new Scratch();
    home = scratch.home;
  });
  afterEach(async () => {
    await stopDaemon(home);
    scratch.clear();
  });

  const start = () => ensureDaemon(home, silent, STAND_IN);
  const leave = (info: object): string => scratch.write("home/daemon.json", JSON.stringify(info));
  const left = { controlUrl: "http://127.0.0.1:1", token: "t" };

  describe("is known", () => {
    it("by its file, as far as that can be read", () => {
      assert.equal(readDaemon(home), undefined);
      scratch.write("home/daemon.json", '{"pid": 47');
      assert.equal(readDaemon(home), undefined);
      leave({ pid: "4711", ...left });
      assert.equal(readDaemon(home), undefined);
      leave({ pid: 4711, ...left });
      assert.equal(readDaemon(home)?.pid, 4711);
    });

    it("by its command line, which tells it from other programs and from the daemons of other homes", () => {
      const alive = (commandLine: string | undefined): boolean =>
        isDaemonAlive({ pid: 4711 }, "/work/.sandbox", () =>
          commandLine === undefined ? undefined : { commandLine, startedAt: "1" },
        );
      assert.equal(alive("/usr/bin/node --disable-warning=ExperimentalWarning /work/sandbox/src/daemon.ts /work/.sandbox"), true);
      assert.equal(alive("/usr/bin/node /work/sandbox/src/daemon.ts /work/.sandbox-2"), false);
      assert.equal(alive("/usr/bin/node /work/sandbox/src/daemon.ts /other/work/.sandbox"), false);
      assert.equal(alive("vim /work/sandbox/src/daemon.ts"), false);
      assert.equal(alive(undefined), false);
    });
  });

  it("is started once, found by all, and stopped until its process is gone", async () => {
    const [first, second] = [await start(), await start()];
    assert.deepEqual([second, await findDaemon(home), await requireDaemon(home)], [first, first, first]);
    assert.equal(isDaemonAlive(first, home), true);
    assert.equal(await stopDaemon(home), true);
    assert.equal(identify(first.pid), undefined);
    assert.equal(await stopDaemon(home), false);
  });

  it("that has died is not found, nor taken for the program that has its number now, which is left alone", async () => {
    for (const pid of [2 ** 22 - 1, process.pid]) {
      leave({ pid, ...left });
      assert.equal(await findDaemon(home), undefined);
      assert.equal(await stopDaemon(home), false);
    }
    assert.notEqual((await start()).pid, process.pid);
  });

  it("that runs other sources is started again, with the same home", async () => {
    process.env["STAND_IN_VERSION"] = "0.1.0+older";
    const older = await start().finally(() => delete process.env["STAND_IN_VERSION"]);
    const steps: string[] = [];
    const now = await ensureDaemon(home, { ...silent, step: (text) => steps.push(text) }, STAND_IN);
    assert.deepEqual(steps, ["Starting the sandbox again: its sources have changed"]);
    assert.deepEqual([older.version, now.version], ["0.1.0+older", sandboxVersion()]);
    assert.equal(identify(older.pid), undefined);
    assert.deepEqual(await findDaemon(home), now);
  });

  it("that speaks an older version of the control API is started again as well", async () => {
    const { pid, ...info } = await start();
    leave({ ...info, pid, version: "0.0.1" });
    const now = await start();
    assert.notEqual(now.pid, pid);
    assert.equal(identify(pid), undefined);
  });

  it("that lives and does not answer is not found, and is stopped by a signal", async () => {
    const { pid, ...info } = await start();
    leave({ ...info, pid, controlUrl: "http://127.0.0.1:1" });
    assert.equal(await findDaemon(home), undefined);
    assert.equal(await stopDaemon(home), true);
    assert.equal(identify(pid), undefined);
  });

  it("that is asked for in vain says how to start it", async () => {
    await assert.rejects(requireDaemon(home), { message: "The sandbox is not running.\n  Start it with: npm start" });
  });

  it("that does not come up shows what it said last", async () => {
    process.env["STAND_IN_BROKEN"] = "1";
    try {
      await assert.rejects(start(), {
        name: "UserError",
        message: [
          "The sandbox daemon did not start.",
          "  reason: exit code 1",
          "  the world is damaged",
          `  The whole log: ${join(home, "logs/daemon.log")}`,
        ].join("\n"),
      });
    } finally {
      delete process.env["STAND_IN_BROKEN"];
    }
    assert.equal(existsSync(join(home, "daemon.json")), false);
  });
});
