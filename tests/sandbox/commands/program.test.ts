import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureDaemon, stopDaemon } from "../../../sandbox/src/commands/daemon.ts";
import { makeProgram } from "../../../sandbox/src/commands/program.ts";
import { silent } from "../../../sandbox/src/toolchain/progress.ts";
import { root } from "../../runner/groups.ts";
import { Scratch, STAND_IN } from "./support.ts";

type Command = ReturnType<typeof makeProgram>;

/** Every command with its names, such as `fault kill`. */
function commandsOf(command: Command, before: readonly string[] = []): [name: string, command: Command][] {
  return command.commands.flatMap((each) => {
    const names = [...before, each.name()];
    return [[names.join(" "), each] as [string, Command], ...commandsOf(each, names)];
  });
}

/** What `--help` prints. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

/** What is wrong with a command line, before anything is done; "" for one that is accepted. */
async function fault(...args: readonly string[]): Promise<string> {
  const program = makeProgram();
  let text = "";
  for (const [, command] of [["sandbox", program] as const, ...commandsOf(program)]) {
    command.exitOverride().configureOutput({ writeErr: (part) => (text += part), outputError: (part) => (text += part) });
    if (command.commands.length === 0) command.action(() => undefined);
  }
  await program.parseAsync(args, { from: "user" }).catch((error: unknown) => {
    if (!(error instanceof Error) || !("exitCode" in error)) throw error;
  });
  return text.split("\n")[0] ?? "";
}

describe("the commands of the sandbox", () => {
  const all = commandsOf(makeProgram());

  it("are these", () => {
    assert.deepEqual(
      all.map(([name]) => name),
      [
        "start",
        "pulumi",
        "status",
        "logs",
        "open",
        "fault",
        "fault throttle",
        "fault fail-create",
        "fault latency",
        "fault outage",
        "fault spot-interruption",
        "fault kill",
        "fault list",
        "fault clear",
        "stop",
        "reset",
        "destroy",
      ],
    );
  });

  for (const [name, command] of all) {
    it(`${name} has a help with examples that can be typed`, async () => {
      const help = helpOf(command);
      assert.match(help, /\nExamples?:\n {2}npm /);
      assert.notEqual(command.description(), "");
      const examples = [...help.matchAll(/^ {2}npm run sandbox -- (.+)$/gm)].map((found) => found[1]?.split(/\s{2,}/)[0] ?? "");
      for (const example of examples) assert.equal(await fault(...example.split(" ")), "", example);
    });
  }

  it("are the npm scripts' own", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };
    const [names, aliases] = [all.map(([name]) => name), all.flatMap(([, command]) => command.aliases())];
    for (const script of ["start", "stop", "pulumi"]) {
      const word = /^node sandbox\/bin\/sandbox\.ts (\S+)$/.exec(scripts[script] ?? "")?.[1] ?? "";
      assert.ok([...names, ...aliases].includes(word), script);
    }
  });

  describe("refuse", () => {
    for (const [line, words] of [
      ["statsu", "error: unknown command 'statsu'"],
      ["status --jsno", "error: unknown option '--jsno'"],
      ["logs -n 0", "error: option '-n, --lines <count>' argument '0' is invalid. Give a whole number from 1 upwards."],
      ["logs -n many", "error: option '-n, --lines <count>' argument 'many' is invalid. Give a whole number from 1 upwards."],
      [
        "fault throttle --calls 0",
        "error: option '--calls <count>' argument '0' is invalid. Give a whole number from 1 upwards.",
      ],
      [
        "fault throttle --calls 1.5",
        "error: option '--calls <count>' argument '1.5' is invalid. Give a whole number from 1 upwards.",
      ],
      ["fault throttle --calls 2 --every 3", "error: option '--calls <count>' cannot be used with option '--every <number>'"],
      ["fault fail-create", "error: required option '--nth <number>' not specified"],
      [
        "fault fail-create --nth first",
        "error: option '--nth <number>' argument 'first' is invalid. Give a whole number from 1 upwards.",
      ],
      [
        "fault latency --ms 0",
        "error: option '--ms <milliseconds>' argument '0' is invalid. Give a whole number from 1 upwards.",
      ],
      [
        "fault latency --ms -5",
        "error: option '--ms <milliseconds>' argument '-5' is invalid. Give a whole number from 1 upwards.",
      ],
      [
        "fault outage --instance i-1 --zone eu-central-1a",
        "error: option '--instance <id>' cannot be used with option '--zone <name>'",
      ],
      ["fault kill", "error: missing required argument 'name'"],
      ["stop now", "error: too many arguments for 'stop'. Expected 0 arguments but got 1: now."],
    ] as const) {
      it(line, async () => {
        assert.equal(await fault(...line.split(" ")), words);
      });
    }
  });

  describe("end", () => {
    let scratch: Scratch;
    beforeEach(() => (scratch = new Scratch()));
    afterEach(() => scratch.clear());

    it("with 3 and the way to start, where status finds nothing running", async () => {
      assert.deepEqual(await scratch.run("status"), {
        code: 3,
        stdout: "The sandbox is not running. Start it with: npm start\n",
        stderr: "",
      });
    });

    it("with 3 for programs as well", async () => {
      const { code, stdout } = await scratch.run("status", "--json");
      assert.deepEqual([code, JSON.parse(stdout)], [3, { running: false }]);
    });

    it("with 1 and one block of words, where something must be put right", async () => {
      assert.deepEqual(await scratch.run("logs"), {
        code: 1,
        stdout: "",
        stderr: "error: The sandbox is not running.\n  Start it with: npm start\n",
      });
    });

    it("with 1 before anything is deleted that somebody else keeps there", async () => {
      const precious = scratch.write("home/thesis.txt", "years of work");
      for (const command of ["reset", "destroy"]) {
        const { code, stderr } = await scratch.run(command, ...(command === "reset" ? ["--yes"] : []));
        assert.equal(code, 1);
        assert.match(
          stderr,
          /^error: SANDBOX_HOME must be a folder of its own.*\n {2}given: .* \(it holds thesis.txt, which no sandbox made\)/,
        );
      }
      assert.equal(readFileSync(precious, "utf8"), "years of work");
    });

    it("with 1 before a sandbox is thrown away by mistake, and with 0 once it is meant", async () => {
      scratch.write("home/world.db", "");
      const asked = await scratch.run("reset");
      assert.deepEqual(
        [asked.code, asked.stderr],
        [
          1,
          `error: This deletes the sandbox with all its data.\n  folder: ${scratch.home}\n  To do it: npm run sandbox -- reset --yes\n`,
        ],
      );
      const meant = await scratch.run("reset", "--yes");
      assert.deepEqual([meant.code, meant.stdout], [0, `Deleted ${scratch.home}. \`npm start\` begins afresh.\n`]);
      assert.equal(existsSync(scratch.home), false);
      assert.deepEqual(await scratch.run("reset"), { code: 0, stdout: "There is no sandbox to reset.\n", stderr: "" });
    });
  });

  describe("with a daemon", () => {
    const scratch = new Scratch();
    before(() => ensureDaemon(scratch.home, silent, STAND_IN));
    after(async () => {
      await stopDaemon(scratch.home);
      scratch.clear();
    });
    const out = (...args: readonly string[]): Promise<string> => scratch.within(...args);
    const refusal = async (...args: readonly string[]): Promise<string> => {
      const [outcome] = await Promise.allSettled([scratch.within(...args)]);
      assert.equal(outcome.status, "rejected");
      return (outcome.reason as Error).message;
    };

    it("tell what happened, and what a process printed, by the beginning of its name", async () => {
      assert.equal(
        await out("logs"),
        "2026-11-24T09:30:00.000Z  the sandbox has started\n2026-11-24T09:30:01.000Z  app answers\n",
      );
      assert.equal(await out("logs", "-n", "2", "app"), "two\nthree\n");
      assert.equal(await out("logs", "app-i-0fedcba9876543210"), "what the old server said\n");
      assert.match(await refusal("logs", "postgres"), /there are: postgres-main, postgres-reader/);
      assert.match(await refusal("logs", "ap"), /no process is called "ap"; there are: app-i-0123456789abcdef0, postgres-main,/);
    });

    it("put faults in as they are asked for, list them and lift them", async () => {
      assert.equal(await out("fault", "list"), "No faults are at work.\n");
      assert.equal(
        await out("fault", "throttle", "--every", "3", "--service", "s3", "--operation", "GetObject"),
        "throttle-1  throttles every 3rd call of GetObject on s3\n",
      );
      assert.equal(await out("fault", "kill", "app"), "kill-2  app-i-0123456789abcdef0 has been killed\n");
      assert.equal(await out("fault", "list"), "throttle-1  throttles every 3rd call of GetObject on s3\n");
      assert.equal(await out("fault", "clear", "throttle-1"), "Fault throttle-1 is lifted.\n");
    });

    it("say what a fault lacks, and what is too much", async () => {
      assert.equal(
        await refusal("fault", "throttle"),
        "It is not said how often.\n  allowed: --calls COUNT (the next so many), or --every NUMBER (each n-th)",
      );
      assert.equal(
        await refusal("fault", "latency", "--ms", "60001"),
        "The sandbox refused this.\n  call: POST /faults (400)\n  ms is 60001; allowed: a whole number from 1 to 60000",
      );
      assert.match(await refusal("fault", "clear", "throttle-9"), /no fault is called "throttle-9"; at work: none/);
    });

    it("print the addresses of the console and of the product", async () => {
      assert.equal(await out("open", "--print"), "http://127.0.0.1:1/?token=key\n");
      assert.equal(await out("open", "--print", "--product"), "http://127.0.0.1:41080\n");
    });

    it("give the whole state to programs", async () => {
      const { running, processes } = JSON.parse(await out("status", "--json")) as { running: boolean; processes: unknown[] };
      assert.deepEqual([running, processes.length], [true, 3]);
    });
  });
});
