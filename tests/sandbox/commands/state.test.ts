import assert from "node:assert/strict";
import { hostname } from "node:os";
import { join } from "node:path";
import { stateFile } from "../../../sandbox/src/commands/context.ts";
import { prepareStack } from "../../../sandbox/src/commands/prepare.ts";
import { hasOnlyStaleLocks, readLocks, readState } from "../../../sandbox/src/commands/state.ts";
import { Scratch } from "./support.ts";

const STATE = "home/state/.pulumi/stacks/platform/sandbox.json";
const LOCKS = "home/state/.pulumi/locks/organization/platform/sandbox";
const WHOLE = {
  checkpoint: {
    latest: {
      resources: [{ urn: "a" }, { urn: "b" }],
      pending_operations: [{ type: "creating" }],
      secrets_providers: { state: { salt: "v1:salt" } },
    },
  },
};

describe("what a run of the Pulumi CLI leaves behind", () => {
  let scratch: Scratch;
  beforeEach(() => (scratch = new Scratch()));
  afterEach(() => scratch.clear());

  describe("its state", () => {
    it("tells how many resources there are, what was cut off, and the salt of the secrets", () => {
      assert.equal(readState(scratch.context), undefined);
      scratch.write(STATE, JSON.stringify(WHOLE));
      assert.deepEqual(readState(scratch.context), { resources: 2, pendingOperations: 1, salt: "v1:salt" });
      scratch.write(STATE, JSON.stringify({ checkpoint: {} }));
      assert.deepEqual(readState(scratch.context), { resources: 0, pendingOperations: 0, salt: undefined });
    });

    describe("that is damaged", () => {
      const words = (): string[] => {
        try {
          readState(scratch.context);
        } catch (error) {
          return (error as Error).message.split("\n").map((line) => line.trim());
        }
        throw new Error("it was read");
      };

      it("names the file, and the way back by the copy beside it", () => {
        scratch.write(STATE, JSON.stringify(WHOLE).slice(0, 40));
        scratch.write(`${STATE}.bak`, JSON.stringify(WHOLE));
        const file = stateFile(scratch.context);
        const [what, which, reason, ...way] = words();
        assert.deepEqual([what, which], ["The stack's state file is damaged.", `file: ${file}`]);
        assert.match(reason ?? "", /^reason: .*JSON/);
        assert.deepEqual(way, [
          "The copy from before the last change is whole. To go back to it, and then see what has changed since:",
          `cp '${file}.bak' '${file}' && npm run pulumi -- refresh`,
          "To start afresh: npm run sandbox -- reset --yes",
        ]);
      });

      it("names the way to start afresh where there is no whole copy", () => {
        scratch.write(STATE, "");
        scratch.write(`${STATE}.bak`, "{");
        assert.deepEqual(words().slice(3), [
          `There is no whole copy beside it (${stateFile(scratch.context)}.bak).`,
          "To start afresh: npm run sandbox -- reset --yes",
        ]);
      });
    });
  });

  describe("its locks", () => {
    const lock = (name: string, made: object | string): string =>
      scratch.write(`${LOCKS}/${name}.json`, typeof made === "string" ? made : JSON.stringify(made));
    const mine = { hostname: hostname(), username: "ada" };
    const runs = (pid: number) =>
      pid === 4711
        ? { commandLine: "pulumi up --yes", startedAt: "1" }
        : pid === 4712
          ? { commandLine: "vim", startedAt: "1" }
          : undefined;

    it("are none where nothing was locked", () => {
      assert.deepEqual(readLocks(scratch.context), []);
      assert.equal(hasOnlyStaleLocks([]), false);
    });

    for (const [what, made, stale, owner] of [
      ["of a run that works", { ...mine, pid: 4711 }, false, `process 4711 of ada on ${hostname()}`],
      ["of a run that has gone", { ...mine, pid: 1 }, true, `process 1 of ada on ${hostname()}`],
      ["of a run whose number another program has now", { ...mine, pid: 4712 }, true, `process 4712 of ada on ${hostname()}`],
      ["of another machine", { pid: 1, hostname: "elsewhere" }, false, "process 1 of unknown on elsewhere"],
      ["that was cut off while it was written", '{"pid": 47', true, "a run that was cut off"],
    ] as const) {
      it(`${what} ${stale ? "may be lifted" : "stay"}`, () => {
        const file = lock("a", made);
        assert.deepEqual(readLocks(scratch.context, runs), [{ file, stale, owner }]);
      });
    }

    it("refuse another run while one is at work, and name it", () => {
      lock("a", { ...mine, pid: 1 });
      assert.equal(hasOnlyStaleLocks(readLocks(scratch.context, runs)), true);
      lock("b", { ...mine, pid: 4711 });
      assert.throws(() => hasOnlyStaleLocks(readLocks(scratch.context, runs)), {
        name: "UserError",
        message: [
          "Another Pulumi run is at work on this stack.",
          `  by: process 4711 of ada on ${hostname()}`,
          "  Wait for it to end. If you know that it is gone: npm run pulumi -- cancel --yes",
        ].join("\n"),
      });
    });
  });

  describe("is put in order before the next command", () => {
    let asked: string[];
    let said: string[];
    beforeEach(() => {
      [asked, said] = [[], []];
      scratch.write("checkout/stacks/config/Pulumi.monolith.yaml", "config:\n  platform:stage: monolith\n");
    });
    const prepare = (): Promise<void> => {
      const must = (args: readonly string[]): Promise<string> => Promise.resolve(String(asked.push(args.join(" "))));
      return prepareStack(scratch.context, { must }, (text) => said.push(text));
    };

    it("by a configuration and a stack where there are none", async () => {
      await prepare();
      assert.deepEqual(said, ['Wrote the configuration of stack "sandbox".']);
      assert.deepEqual(asked, ["stack select --create --stack sandbox"]);
    });

    it("by nothing at all where all is well", async () => {
      scratch.write("checkout/stacks/config/Pulumi.sandbox.yaml", "config: {}\n");
      scratch.write(STATE, JSON.stringify({ checkpoint: { latest: { resources: [] } } }));
      await prepare();
      assert.deepEqual([said, asked], [[], []]);
    });

    it("by lifting the lock of a run that has gone, and taking up what was under way", async () => {
      scratch.write("checkout/stacks/config/Pulumi.sandbox.yaml", "config: {}\n");
      scratch.write(STATE, JSON.stringify(WHOLE));
      scratch.write(join(LOCKS, "a.json"), JSON.stringify({ pid: 2 ** 22 - 1, hostname: hostname() }));
      await prepare();
      assert.deepEqual(asked, ["cancel --yes", "refresh --clear-pending-creates --yes --skip-preview"]);
      assert.deepEqual(said, ["Lifted the lock of a run that was cut off.", "Took up where a run was cut off."]);
    });
  });
});
