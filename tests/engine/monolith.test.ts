import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { copyFileSync, existsSync, globSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { World } from "../../sandbox/src/core/world.ts";
import { UNKNOWN } from "../../sandbox/src/core/values.ts";
import { root } from "../runner/groups.ts";
import { noBrowser, openBrowser } from "../support/browser.ts";
import { Shopper } from "../support/shopper.ts";
import { TestSandbox, until } from "../support/sandbox.ts";

const CLUSTER = "aws:rds/cluster:Cluster";

/** The tests of this file follow one sandbox through its life; each begins where the one before ended. */
describe("the monolith stage on the sandbox", function () {
  this.timeout(180_000);
  this.bail(true);
  const sandbox = new TestSandbox();
  after(async function () {
    this.timeout(60_000);
    await sandbox.clear();
  });

  /** The ids of everything in the cloud, by type. */
  const ids = async (): Promise<string[]> => (await sandbox.status()).resources.map(({ type, id }) => `${type} ${id}`).sort();
  const setConfig = (changes: Record<string, string>): void => {
    const document = parse(readFileSync(sandbox.configFile, "utf8")) as { config: Record<string, unknown> };
    writeFileSync(sandbox.configFile, stringify({ ...document, config: { ...document.config, ...changes } }));
  };

  it("names every fault of the settings, and starts nothing", async () => {
    copyFileSync(join(root, "stacks/config/Pulumi.monolith.yaml"), sandbox.configFile);
    setConfig({ "platform:stage": "monolit", "platform:cidr": "10.0.0.0/33", "platform:databseMaxAcu": "8" });
    const output = await sandbox.fail("start");
    for (const line of [
      /platform:stage: "monolit" is given; allowed: monolith/,
      /platform:cidr: "10\.0\.0\.0\/33" is given; allowed: /,
      /platform:databseMaxAcu.*platform:databaseMaxAcu/,
    ])
      assert.match(output, line);
    assert.deepEqual(await ids(), []);
    copyFileSync(join(root, "stacks/config/Pulumi.monolith.yaml"), sandbox.configFile);
  });

  it("knows in a preview what is unknown, and makes nothing", async () => {
    const output = await sandbox.succeed("pulumi", "preview", "--json");
    const { steps } = JSON.parse(output.slice(output.indexOf("{"))) as {
      steps: { op: string; urn: string; newState: { type: string; inputs: Record<string, unknown> } }[];
    };
    const cluster = steps.find(({ newState }) => newState.type === CLUSTER)?.newState.inputs;
    assert.equal(cluster?.["engine"], "aurora-postgresql");
    assert.deepEqual(cluster["vpcSecurityGroupIds"], [UNKNOWN]);
    // The stack itself stands since the start that was refused.
    const others = steps.filter(({ newState }) => newState.type !== "pulumi:pulumi:Stack");
    assert.deepEqual([...new Set(others.map(({ op }) => op))], ["create"]);
    assert.deepEqual(await ids(), []);
  });

  it("stops at a create that the cloud refuses, and keeps what was made", async () => {
    await sandbox.control().addFault({ kind: "fail-create", nth: 7 });
    const output = await sandbox.fail("start");
    assert.match(output, /InternalFailure: This create was made to fail/);
    assert.match(output, /What was made so far is kept/);
    assert.ok((await ids()).length >= 6);
  });

  it("finishes after the API throttled it, and the daemon and then the command were killed half-way; nothing is made twice", async () => {
    const before = await ids();
    await sandbox.control().addFault({ kind: "throttle", calls: 20 });
    const cut = sandbox.begin("start");
    await until("the cluster is being made", async () => (await sandbox.status()).resources.find(({ type }) => type === CLUSTER));
    process.kill(sandbox.daemon().pid, "SIGKILL");
    assert.notEqual((await cut.ended).code, 0);

    const interrupted = sandbox.begin("start");
    await until("more is made", async () => (await ids()).length > before.length + 5);
    interrupted.child.kill("SIGINT");
    assert.notEqual((await interrupted.ended).code, 0);

    await sandbox.succeed("start");
    const status = await until("every process runs", async () => {
      const now = await sandbox.status();
      return now.processes.every(({ state }) => state === "ready") && now;
    });
    const inState = sandbox.stateResources().filter(({ type, id }) => id !== undefined && !type.startsWith("pulumi:"));
    assert.deepEqual(await ids(), inState.map(({ type, id }) => `${type} ${id ?? ""}`).sort());
    assert.deepEqual(status.unclaimed, []);
    assert.equal(new Set(inState.map(({ urn }) => urn)).size, inState.length);
    assert.ok(before.every((each) => inState.some(({ type, id }) => `${type} ${id ?? ""}` === each)));
    const named = [...status.processes.map(({ name, pid }) => ({ name, pid })), { name: "daemon", pid: sandbox.daemon().pid }];
    const known = named.map(({ pid }) => pid);
    const running = sandbox.processes();
    assert.deepEqual(
      named.filter((each) => !running.some(({ pid }) => pid === each.pid)),
      [],
    );
    assert.deepEqual(
      running.filter(({ pid }) => !known.includes(pid) && !known.includes(parentOf(pid))),
      [],
    );
  });

  it("answers, and has nothing left to change", async () => {
    const url = await sandbox.productUrl();
    assert.equal((await fetch(url)).status, 200);
    const output = await sandbox.succeed("start");
    assert.match(output, /Nothing to change/);
    assert.ok(output.includes(url), output);
  });

  it("lets a person sign up, buy and see the order, in a browser", async function () {
    if (noBrowser() !== undefined) this.skip();
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const email = `${randomUUID()}@example.com`;
      await page.goto(await sandbox.productUrl());
      await page.getByRole("link", { name: "Sign up" }).click();
      await page.getByLabel("E-mail address").fill(email);
      await page.getByLabel("Password").fill("a long and quiet sentence");
      await page.getByRole("button", { name: "Create account" }).click();
      await page.getByLabel("E-mail address").fill(email);
      await page.getByLabel("Password").fill("a long and quiet sentence");
      await page.getByRole("button", { name: "Log in" }).click();
      const product = page.getByRole("main").locator("li a").first();
      const name = await product.getByRole("heading").innerText();
      await product.click();
      await page.getByRole("button", { name: "Buy now" }).click();
      await page.getByText("It is placed.").waitFor();
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Your orders" }).click();
      assert.ok((await page.getByRole("main").innerText()).includes(name), await page.getByRole("main").innerText());

      await page.goto(sandbox.daemon().consoleUrl);
      await page.getByRole("heading", { name: "Topology" }).waitFor();
      const picture = await page.locator("svg").first().textContent();
      for (const part of ["platform-network-vpc", "platform-server-instance", "platform-db-instance-1"])
        assert.ok(picture?.includes(part), `the picture lacks ${part}`);
    } finally {
      await browser.close();
    }
  });

  it("finds no drift", async () => {
    await sandbox.succeed("pulumi", "refresh", "--yes", "--skip-preview", "--expect-no-changes");
  });

  it("changes a setting in place, and replaces nothing", async () => {
    const before = await ids();
    setConfig({ "platform:databaseMaxAcu": "16" });
    const output = await sandbox.succeed("pulumi", "up", "--yes", "--skip-preview");
    assert.match(output, /~ \d+ updated/);
    assert.doesNotMatch(output, /replaced|deleted|created/);
    assert.deepEqual(await ids(), before);
  });

  it("brings the product back when its process is killed", async () => {
    const find = async () => (await sandbox.status()).processes.find(({ name }) => name.startsWith("app-"));
    const before = await find();
    await sandbox.succeed("fault", "kill", "app");
    const after = await until("app runs again", async () => {
      const now = await find();
      return now?.state === "ready" && now.pid !== before?.pid && now;
    });
    assert.equal(after.restarts, (before?.restarts ?? 0) + 1);
    const url = await sandbox.productUrl();
    await until("the site is back", async () => (await fetch(url)).ok);
  });

  it("loses no acknowledged order when PostgreSQL is killed under writes", async () => {
    const shopper = await Shopper.signUp(await sandbox.productUrl());
    const database = (await sandbox.status()).processes.find(({ name }) => name.startsWith("postgres"));
    assert.ok(database);
    const writers = Array.from({ length: 8 }, () => shopper.buyUntilStopped());
    await until("orders flow", () => shopper.acknowledged.size >= 40);
    await sandbox.succeed("fault", "kill", database.name);
    const acknowledged = shopper.acknowledged.size;
    await until("orders flow again", () => shopper.acknowledged.size >= acknowledged + 40);
    shopper.stop();
    await Promise.all(writers);
    const stored = await shopper.orders();
    assert.deepEqual([...shopper.acknowledged].sort(), [...stored].sort());
  });

  it("refuses to destroy the protected database, and says how to lift the protection", async () => {
    const before = await ids();
    const output = await sandbox.fail("pulumi", "destroy", "--yes");
    assert.match(output, /protect/);
    assert.match(output, /pulumi state unprotect/);
    assert.ok((await ids()).some((each) => each.startsWith(CLUSTER)));
    assert.deepEqual(await ids(), before);
  });

  it("names a truncated state file and the way back, which leads back", async () => {
    const file = sandbox.stateFile();
    truncateSync(file, Math.floor(statSync(file).size / 2));
    const output = await sandbox.fail("start");
    assert.ok(output.includes(`file: ${file}`), output);
    assert.ok(output.includes(`cp '${file}.bak' '${file}' && npm run pulumi -- refresh`), output);
    copyFileSync(`${file}.bak`, file);
    await sandbox.succeed("pulumi", "refresh", "--yes", "--skip-preview");
    assert.match(await sandbox.succeed("start"), /Nothing to change|Console/);
  });

  it("shows no secret in state, logs, console or command lines", async () => {
    const commands = sandbox.processes().map(({ command }) => command);
    const console = await consolePage(sandbox.daemon().consoleUrl);
    await sandbox.succeed("stop");
    const world = new World(join(sandbox.home, "world.db"));
    const secrets = secretTexts(world);
    world.close();
    assert.ok(secrets.length >= 2, "the stage has the database's password and the product's key at least");
    const logs = globSync("logs/**", { cwd: sandbox.home, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
    const places = { state: [readFileSync(sandbox.stateFile(), "utf8")], logs, console: [console], commands };
    for (const [place, texts] of Object.entries(places)) {
      assert.ok(texts.join("").length > 0, place);
      for (const secret of secrets) assert.ok(!texts.some((text) => text.includes(secret)), `a secret stands in ${place}`);
    }
  });

  it("goes on after it was stopped, with every order", async () => {
    await sandbox.succeed("start");
    assert.equal((await fetch(await sandbox.productUrl())).status, 200);
  });

  it("is destroyed and leaves no process, port or file behind", async () => {
    const { providerPorts, apiUrl, consoleUrl, controlUrl } = sandbox.daemon();
    const urls = [apiUrl, consoleUrl, controlUrl, await sandbox.productUrl()];
    await sandbox.succeed("destroy-and-stop");
    assert.deepEqual(sandbox.processes(), []);
    assert.equal(existsSync(sandbox.home), false);
    assert.equal(existsSync(sandbox.configFile), false);
    for (const port of [...Object.values(providerPorts), ...urls.map((url) => Number(new URL(url).port))])
      await refusesConnections(port);
  });
});

/** Every text that the world keeps as a secret. */
function secretTexts(world: World): string[] {
  return world
    .all("aws:secretsmanager/secretVersion:SecretVersion")
    .map(({ inputs }) => inputs["secretString"])
    .concat(world.all("random:index/randomPassword:RandomPassword").map(({ outputs }) => outputs["result"]))
    .filter((text) => typeof text === "string")
    .concat(managedPasswords(world));
}

/** Passwords that a service manages; no resource of a program holds them. */
function managedPasswords(world: World): string[] {
  return world
    .space<{ [name: string]: string }>("secretsmanager")
    .entries()
    .flatMap(([, value]) => JSON.stringify(value).match(/(?<=\\"password\\":\\")[^"\\]+/g) ?? []);
}

async function consolePage(url: string): Promise<string> {
  const opened = await fetch(url, { redirect: "manual" });
  const cookie = opened.headers.get("set-cookie")?.split(";")[0] ?? "";
  const response = await fetch(new URL("/", url), { headers: { cookie } });
  assert.equal(response.status, 200);
  return response.text();
}

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

function refusesConnections(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => {
      resolve();
    });
    socket.once("connect", () => {
      socket.destroy();
      reject(new Error(`something still listens on port ${String(port)}`));
    });
  });
}
