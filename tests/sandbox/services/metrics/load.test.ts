import assert from "node:assert/strict";
import { type Load, LoadMeter } from "../../../../sandbox/src/plane/process-load.ts";
import { familyOf, type ProcessRow, rowOfStat, rowsOfPs } from "../../../../sandbox/src/plane/process-table.ts";
import type { ProcessStatus } from "../../../../sandbox/src/plane/supervisor.ts";
import { eventually } from "../../plane/support.ts";
import { testCloud } from "../../support/cloud.ts";

const row = (parent: number, cpuSeconds = 0): ProcessRow => ({ parent, cpuSeconds, frozen: false });

describe("the table of processes", () => {
  it("reads what Linux says of a process, whatever its name holds", () => {
    const stat = (name: string, state: string): string =>
      `4711 (${name}) ${state} 4000 4711 4711 0 -1 4194560 100 200 0 0 150 50 25 75 20 0 11 0 123456 1000000 2000 18446744073709551615`;
    assert.deepEqual(rowOfStat(stat("node", "S")), { parent: 4000, cpuSeconds: 3, frozen: false });
    assert.deepEqual(rowOfStat(stat("a) T (b", "R")), { parent: 4000, cpuSeconds: 3, frozen: false });
    assert.deepEqual(rowOfStat(stat("node", "T")), { parent: 4000, cpuSeconds: 3, frozen: true });
  });

  it("reads what ps says where there is no /proc", () => {
    const text = "    1     0 Ss     0:01.50\n  300     1 T      1:02.25\n 4711   300 R+  1-02:03:04\n";
    assert.deepEqual(
      rowsOfPs(text),
      new Map([
        [1, { parent: 0, cpuSeconds: 1.5, frozen: false }],
        [300, { parent: 1, cpuSeconds: 62.25, frozen: true }],
        [4711, { parent: 300, cpuSeconds: 93_784, frozen: false }],
      ]),
    );
  });

  it("knows a process's children and theirs, and nobody else's", () => {
    const table = new Map([
      [1, row(0, 1)],
      [2, row(1, 2)],
      [3, row(2, 3)],
      [4, row(1, 4)],
      [5, row(0, 5)],
    ]);
    const used = (pid: number): number[] => familyOf(table, pid).map(({ cpuSeconds }) => cpuSeconds);
    assert.deepEqual([used(1), used(2), used(5), used(9)], [[1, 2, 4, 3], [2, 3], [5], []]);
  });
});

describe("the load of the supervised processes", () => {
  let now = 0;
  let list: ProcessStatus[] = [];
  let table = new Map<number, ProcessRow>();
  const status = (pid: number | undefined, startedAt = 0): ProcessStatus => ({
    name: "web",
    pid,
    state: pid === undefined ? "waiting" : "ready",
    restarts: 0,
    startedAt,
    memoryBytes: 1000,
  });
  const meter = (): LoadMeter =>
    new LoadMeter(
      { list: () => list },
      () => now,
      () => table,
    );
  const used = ({ processes }: Load): number | undefined => processes.get("web")?.cpuSeconds;

  beforeEach(() => {
    now = 0;
    list = [status(7)];
    table = new Map([[7, row(1, 10)]]);
  });

  it("is what was used since the look before, with what their children used", () => {
    const measure = meter();
    now = 60_000;
    table = new Map([
      [7, row(1, 12)],
      [8, row(7, 5)],
    ]);
    const load = measure.measure();
    assert.deepEqual([load.seconds, used(load)], [60, 7]);
    now = 90_000;
    const next = measure.measure();
    assert.deepEqual([next.seconds, used(next)], [30, 0]);
  });

  it("counts a child's time once when the child has ended", () => {
    table.set(8, row(7, 5));
    const measure = meter();
    table = new Map([[7, row(1, 10 + 6)]]);
    assert.equal(used(measure.measure()), 1);
  });

  it("begins anew with a process that has been started again, also under the same number", () => {
    const measure = meter();
    list = [status(9, 1)];
    table = new Map([[9, row(1, 2)]]);
    assert.equal(used(measure.measure()), 2);
    list = [status(9, 2)];
    table = new Map([[9, row(1, 1)]]);
    assert.equal(used(measure.measure()), 1);
  });

  it("is nothing for a process that waits for its next start, or has left children behind", () => {
    const measure = meter();
    list = [status(undefined)];
    assert.deepEqual(measure.measure().processes.get("web"), { ...status(undefined), cpuSeconds: 0, frozen: false });
    list = [status(7)];
    table = new Map([[7, row(1, 3)]]);
    measure.measure();
    table = new Map([[7, row(1, 1)]]);
    assert.equal(used(measure.measure()), 0);
  });

  it("of a real process is the processor time that the process itself tells, and its child's", async () => {
    const cloud = testCloud();
    try {
      const burn = "while (process.cpuUsage().user < 300_000);";
      const child = `require("child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(burn)}]);`;
      const measure = new LoadMeter(cloud.processes, cloud.now);
      const lines: string[] = [];
      await cloud.processes.run({
        name: "burner",
        command: process.execPath,
        args: ["-e", `${child} ${burn} console.log("done"); setInterval(() => {}, 60_000);`],
        env: {},
        cwd: process.cwd(),
        ready: { probe: () => Promise.resolve(true) },
        readyTimeoutMs: 10_000,
        restart: "never",
        stopSignal: "SIGTERM",
        onLine: (line) => lines.push(line),
      });
      await eventually("both have used their time", () => lines.includes("done"), 20_000);
      cloud.pass(60_000);
      const load = measure.measure();
      const seconds = load.processes.get("burner")?.cpuSeconds ?? 0;
      // Times come in ticks of 10 ms; what either did before and after counts as well.
      assert.ok(seconds >= 0.58, `${String(seconds)} s`);
      assert.equal(load.seconds, 60);
      assert.ok((load.processes.get("burner")?.memoryBytes ?? 0) > 1_000_000);
    } finally {
      await cloud.end();
    }
  });
});
