import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { waitForAnswer } from "../../../sandbox/src/commands/answer.ts";
import { newLines } from "../../../sandbox/src/commands/logs.ts";
import { addresses, megabytes, NEXT_COMMANDS, nextCommands, table } from "../../../sandbox/src/commands/output.ts";
import { processMeant } from "../../../sandbox/src/commands/process-name.ts";
import { needsStack, preparesStack } from "../../../sandbox/src/commands/pulumi.ts";
import { isUnchanged } from "../../../sandbox/src/commands/start.ts";
import { describe as described } from "../../../sandbox/src/commands/status.ts";
import { STATUS } from "./stand-in/world.ts";

const plain = (lines: readonly string[]): string[] => lines.map((line) => stripVTControlCharacters(line));

describe("what the commands decide", () => {
  describe("about a preview: whether there is anything to do", () => {
    for (const [json, unchanged] of [
      ['{"changeSummary":{"same":107}}', true],
      ['{"changeSummary":{"same":107,"update":0}}', true],
      ['{"changeSummary":{}}', true],
      ['{"changeSummary":{"same":106,"update":1}}', false],
      ['{"changeSummary":{"create":107}}', false],
      ['{"diagnostics":[]}', false],
      ["error: no stack selected", false],
      ["", false],
    ] as const) {
      it(`${json === "" ? "nothing at all" : json}: ${unchanged ? "no" : "yes"}`, () => {
        assert.equal(isUnchanged(json), unchanged);
      });
    }
  });

  describe("about a command of Pulumi: whether it needs the daemon, and the stack made ready", () => {
    for (const [command, needs, prepares] of [
      ["up --yes", true, true],
      ["preview --policy-pack policies", true, true],
      ["destroy", true, true],
      ["stack output", true, false],
      ["state unprotect --all", true, false],
      ["cancel --yes", true, false],
      ["up --stack prod", true, false],
      ["up --stack=prod", true, false],
      ["up -s prod", true, false],
      ["version", false, true],
      ["help", false, true],
      ["up --help", false, true],
      ["stack -h", false, false],
    ] as const) {
      it(command, () => {
        assert.deepEqual([needsStack(command.split(" ")), preparesStack(command.split(" "))], [needs, prepares]);
      });
    }
  });

  describe("about a process that somebody names", () => {
    const names = ["app-i-0123456789abcdef0", "postgres", "postgres-reader", "worker-i-1", "worker-i-2"];

    it("it is the one of that name, or the only one that begins with it", () => {
      assert.equal(processMeant("postgres", names), "postgres");
      assert.equal(processMeant("app", names), "app-i-0123456789abcdef0");
      assert.equal(processMeant("app-i", names), "app-i-0123456789abcdef0");
    });

    it("it is left as it is where it fits none: the daemon may know the log of one that has gone", () => {
      assert.equal(processMeant("ap", names), "ap");
      assert.equal(processMeant("app-i-0fedcba9876543210", names), "app-i-0fedcba9876543210");
    });

    it("it is asked for in full where it fits several", () => {
      assert.throws(() => processMeant("worker", names), {
        name: "UserError",
        message: "Several processes have a name that begins so.\n  given: worker\n  there are: worker-i-1, worker-i-2",
      });
    });
  });

  describe("about a log that is followed: what has come since", () => {
    for (const [what, seen, now, fresh] of [
      ["nothing", ["a", "b"], ["a", "b"], []],
      ["lines at the end", ["a", "b"], ["a", "b", "c"], ["c"]],
      ["lines that push others out", ["a", "b", "c"], ["c", "d", "e"], ["d", "e"]],
      ["all of it, where the two do not meet", ["a", "b"], ["x", "y"], ["x", "y"]],
      ["all of it, where nothing was seen", [], ["a"], ["a"]],
      ["one of several equal lines", ["a", "a"], ["a", "a", "a"], ["a"]],
      ["nothing of a log that was begun anew and is empty", ["a"], [], []],
    ] as const) {
      it(what, () => {
        assert.deepEqual(newLines(seen, now), fresh);
      });
    }
  });

  describe("about a product that starts: whether it answers", () => {
    const asking = (...answers: readonly number[]) => {
      const asked: string[] = [];
      const ask = (url: string): Promise<number> => Promise.resolve(answers[asked.push(url) - 1] ?? 599);
      return { asked, ask };
    };

    it("with anything but a server's error", async () => {
      for (const status of [200, 302, 404]) assert.equal(await waitForAnswer("http://a", 0, asking(status).ask), true);
    });

    it("not in time", async () => {
      const { asked, ask } = asking(503);
      assert.equal(await waitForAnswer("http://a", 0, ask), false);
      assert.deepEqual(asked, ["http://a"]);
    });

    it("after it was asked again", async () => {
      const { asked, ask } = asking(599, 503, 200);
      assert.equal(await waitForAnswer("http://a", 30, ask), true);
      assert.equal(asked.length, 3);
    });
  });

  describe("about what people see", () => {
    const daemon = { pid: 99, consoleUrl: "http://127.0.0.1:1/?token=key", startedAt: "2026-11-24T09:30:00.000Z" };

    it("the state of it all", () => {
      assert.deepEqual(
        plain(described({ ...STATUS, faults: [{ id: "latency-1", description: "adds 500 ms to each call" }] }, daemon)),
        [
          "Sandbox ready, process 99 since 2026-11-24T09:30:00.000Z, account 123456789012",
          "  Product  http://127.0.0.1:41080",
          "  Console  http://127.0.0.1:1/?token=key",
          "",
          "2 resources, 1 of them not yet in a stack",
          "",
          "PROCESS                  STATE    PID   RESTARTS  MEMORY",
          "app-i-0123456789abcdef0  ready    4711  1         50 MB",
          "postgres-main            waiting  -     0         0.0 MB",
          "postgres-reader          ready    4712  0         22 MB",
          "",
          "Faults at work (lift them with `npm run sandbox -- fault clear`):",
          "  latency-1  adds 500 ms to each call",
        ],
      );
    });

    it("the state of nothing", () => {
      const nothing = { ...STATUS, resources: [], unclaimed: [], processes: [], doors: [] };
      assert.deepEqual(plain(described(nothing, daemon)).slice(1), [
        "  Console  http://127.0.0.1:1/?token=key",
        "",
        "0 resources",
      ]);
    });

    it("several ways in, the first of which is the product", () => {
      const doors = [1, 2].map((at) => ({ name: `eipalloc-${at}`, url: `http://127.0.0.1:4000${at}`, target: "203.0.113.1" }));
      assert.deepEqual(plain(addresses(doors, "http://127.0.0.1:1")), [
        "  Product     http://127.0.0.1:40001",
        "  eipalloc-2  http://127.0.0.1:40002",
        "  Console     http://127.0.0.1:1",
      ]);
    });

    it("columns, sizes, and three things to try next", () => {
      assert.deepEqual(
        plain(
          table([
            ["A", "B"],
            ["long one", "x"],
          ]),
        ),
        ["A         B", "long one  x"],
      );
      assert.deepEqual([0, 9_940_000, 9_960_000, 123_400_000].map(megabytes), ["0.0 MB", "9.9 MB", "10.0 MB", "123 MB"]);
      assert.deepEqual([nextCommands().length, NEXT_COMMANDS.length], [3, 3]);
    });
  });
});
