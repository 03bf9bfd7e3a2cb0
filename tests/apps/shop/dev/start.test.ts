import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Shopper } from "../../../support/shopper.ts";
import { SHOP } from "../support/process.ts";

/** `npm start -w apps/shop`, as npm runs it. */
class Launcher {
  /** All that it wrote. */
  output = "";
  readonly child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(data: string, args: readonly string[] = []) {
    const { scripts } = JSON.parse(readFileSync(join(SHOP, "package.json"), "utf8")) as { scripts: { start: string } };
    const [program, ...rest] = scripts.start.split(" ");
    assert.equal(program, "node");
    const env = { PATH: process.env["PATH"], PORT: "0", SHOP_DATA: data };
    this.child = spawn(process.execPath, [...rest, ...args], { cwd: SHOP, env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    this.#ended = once(this.child, "close").then(([code]) => code as number | null);
  }

  /** Its address, once it says that it is open. */
  async url(): Promise<string> {
    for (;;) {
      const [, url] = /The shop is open: (\S+)/.exec(this.output) ?? [];
      if (url !== undefined) return url;
      assert.equal(this.child.exitCode, null, this.output);
      await once(this.child.stdout ?? this.child, "data");
    }
  }

  ended(): Promise<number | null> {
    return this.#ended;
  }

  end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.#ended;
  }
}

/** Whether anybody listens at the address. */
function answers(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  return new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  }).finally(() => socket.destroy());
}

/** Whether there is a process with this id. */
function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("the shop on its own, with a database of its own", function () {
  this.timeout(60_000);
  let data: string;
  let shopper: Shopper;
  before(() => {
    data = mkdtempSync(join(tmpdir(), "shop-dev-"));
    chmodSync(data, 0o755);
  });
  after(() => rmSync(data, { recursive: true, force: true }));

  it("opens, sells, and leaves neither itself nor its database running when it is killed", async () => {
    const launcher = new Launcher(data);
    const url = await launcher.url();
    assert.match(launcher.output, new RegExp(`Its data are in ${data}\n {2}Ctrl-C stops it\\.`));
    shopper = await Shopper.signUp(url);
    const buying = shopper.buyUntilStopped();
    while (shopper.acknowledged.size === 0) await new Promise(setImmediate);
    shopper.stop();
    await buying;
    const postgres = Number(readFileSync(join(data, "data", "postmaster.pid"), "utf8").split("\n")[0]);
    await launcher.end("SIGKILL");
    while ((await answers(url)) || lives(postgres)) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it("has kept everything when it opens again, is not started twice on the same data, and is closed by Ctrl-C", async () => {
    const launcher = new Launcher(data);
    const url = await launcher.url();
    // The token of before is still good: so is the secret that signed it.
    assert.deepEqual(await shopper.at(url).orders(), shopper.acknowledged);
    const second = new Launcher(data);
    assert.equal(await second.ended(), 1);
    assert.equal(second.output, `The shop runs already, on the data in ${data}. Stop it there first.\n`);
    assert.equal(await launcher.end("SIGINT"), 0);
    assert.equal(await answers(url), false);
  });

  it("explains itself, and knows no other argument", async () => {
    const help = new Launcher(data, ["--help"]);
    assert.equal(await help.ended(), 0);
    assert.match(help.output, /^Usage: npm start -w apps\/shop\n/);
    const wrong = new Launcher(data, ["--fast"]);
    assert.equal(await wrong.ended(), 64);
    assert.match(wrong.output, /^unknown argument: --fast\n\nUsage: /);
  });
});
