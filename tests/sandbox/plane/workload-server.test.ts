import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderCloudInit } from "../../../components/compute/cloud-init.ts";
import { UserDataError } from "../../../sandbox/src/plane/cloud-init-error.ts";
import { haltServer, planServer, runServer, type Server, stopServer, wayIn } from "../../../sandbox/src/plane/workload-server.ts";
import type { TestCloud } from "../support/cloud.ts";
import { eventually, liveCloud, runs, scratch } from "./support.ts";

/** Answers with what it is and was told; `FAIL` makes it end at once, `/leave` when it is asked. */
const PROGRAM = `
  import { createServer } from "node:http";
  const { PORT, HOST, GREETING, DATABASE, HOME, FAIL } = process.env;
  console.log(JSON.stringify({ level: "info", message: "starting", GREETING }));
  if (FAIL) { console.error(FAIL); process.exit(1); }
  const server = createServer((request, response) => {
    if (request.url === "/leave") process.exit(7);
    response.end(JSON.stringify({ pid: process.pid, GREETING, DATABASE, HOME, cwd: process.cwd() }));
  });
  server.listen(Number(PORT), HOST);
  process.on("SIGTERM", () => { console.log("goodbye"); process.exit(0); });
`;
const PATIENCE_MS = 10_000;

interface Answer {
  readonly pid: number;
  readonly GREETING?: string;
  readonly DATABASE?: string;
  readonly HOME: string;
  readonly cwd: string;
}

describe("a server of the sandbox", () => {
  let project: ReturnType<typeof scratch>;
  let cloud: TestCloud;
  beforeEach(async () => {
    project = scratch();
    for (const name of ["web", "worker"]) {
      mkdirSync(join(project.path, "apps", name), { recursive: true });
      writeFileSync(join(project.path, "apps", name, "Dockerfile"), 'FROM node:24\nWORKDIR /app\nCMD ["node", "main.mjs"]\n');
      writeFileSync(join(project.path, "apps", name, "main.mjs"), PROGRAM);
    }
    cloud = await liveCloud({ project: project.path });
  });
  afterEach(async () => {
    await cloud.end();
    project.remove();
  });

  /** User data with a unit for each of these, by its name. */
  function userData(units: Record<string, { image?: string; command?: string[]; environment?: Record<string, string> }>): string {
    return renderCloudInit({
      units: Object.entries(units).map(([name, { image = "web:1", command = [], environment = {} }]) => ({
        name,
        description: name,
        image,
        command,
        environment,
      })),
      logs: { region: "eu-central-1", group: "/platform/app" },
    });
  }

  const proxied = { image: "caddy", command: ["caddy", "reverse-proxy", "--from", ":80", "--to", "127.0.0.1:8080"] };

  function server(environment: Record<string, string> = {}, changes: Partial<Server> = {}): Server {
    const app = { environment: { PORT: "8080", ...environment } };
    return { id: "i-1", region: "eu-central-1", userData: userData({ app, tls: proxied }), ...changes };
  }

  async function ask(one: Server = server()): Promise<Answer> {
    const { target } = await wayIn(cloud, one);
    assert.ok(typeof target !== "string");
    return (await (await fetch(`http://127.0.0.1:${String(target.port)}/`)).json()) as Answer;
  }

  const names = (): string[] => cloud.processes.list().map(({ name }) => name);

  it("runs the program of its image, in the image's folder, with the environment of its unit", async () => {
    await runServer(cloud, server({ GREETING: "good day" }), PATIENCE_MS);
    const { pid, ...told } = await ask();
    assert.deepEqual(told, {
      GREETING: "good day",
      HOME: join(cloud.home, "servers/i-1"),
      cwd: join(project.path, "apps/web"),
    });
    assert.deepEqual(
      cloud.processes.list().map(({ name, pid: each, state }) => ({ name, pid: each, state })),
      [{ name: "app-i-1", pid, state: "ready" }],
    );
  });

  it("sends each line to the log group of its unit, as a stream of the unit's name", async () => {
    await runServer(cloud, server({ GREETING: "good day" }), PATIENCE_MS);
    const line = JSON.stringify({ level: "info", message: "starting", GREETING: "good day" });
    assert.deepEqual(cloud.logs, [{ group: "/platform/app", stream: "app", line }]);
  });

  it("changes nothing when it is run again", async () => {
    await runServer(cloud, server(), PATIENCE_MS);
    const { pid } = await ask();
    await runServer(cloud, server(), PATIENCE_MS);
    assert.equal((await ask()).pid, pid);
  });

  it("starts a program anew whose environment has changed, on the same port", async () => {
    await runServer(cloud, server({ GREETING: "hello" }), PATIENCE_MS);
    const [before, { target }] = [await ask(), await wayIn(cloud, server())];
    await runServer(cloud, server({ GREETING: "good day" }), PATIENCE_MS);
    const after = await ask();
    assert.equal(after.GREETING, "good day");
    assert.ok(!runs(before.pid));
    assert.deepEqual((await wayIn(cloud, server())).target, target);
  });

  it("starts a program again that ends or is killed, also by something inside it", async () => {
    await runServer(cloud, server(), PATIENCE_MS);
    const first = await ask();
    cloud.processes.kill("app-i-1");
    const again = async (before: number): Promise<Answer> => {
      let answer: Answer | undefined;
      await eventually("it answers again", async () => {
        answer = await ask().catch(() => undefined);
        return answer !== undefined && answer.pid !== before;
      });
      assert.ok(answer);
      return answer;
    };
    const second = await again(first.pid);
    const { target } = await wayIn(cloud, server());
    assert.ok(typeof target !== "string");
    await fetch(`http://127.0.0.1:${String(target.port)}/leave`).catch(() => undefined);
    await again(second.pid);
    assert.deepEqual(cloud.notes, [
      "app-i-1 ended by SIGKILL; starting it again in 100 ms",
      "app-i-1 ended with code 7; starting it again in 200 ms",
    ]);
  });

  it("says why a program does not come up, with its last lines, and keeps trying", async () => {
    await assert.rejects(runServer(cloud, server({ FAIL: "no such table: users" }), 0), (error: Error) => {
      assert.match(error.message, /^app-i-1 did not answer within 2 s; its last lines:\n/);
      assert.match(error.message, /^ {2}no such table: users$/m);
      return true;
    });
    assert.deepEqual(names(), ["app-i-1"]);
  });

  it("gives its programs a moment even where there is no patience left", async () => {
    await runServer(cloud, server(), 0);
    assert.equal((await ask()).cwd, join(project.path, "apps/web"));
  });

  it("waits for an endpoint that is not served yet, and tells its program the local address", async () => {
    const endpoint = "shop.cluster-c1x2y3z4abcd.eu-central-1.rds.amazonaws.com:5432";
    const running = runServer(cloud, server({ DATABASE: endpoint }), PATIENCE_MS);
    assert.deepEqual(names(), []);
    cloud.addresses.set(endpoint, { host: "127.0.0.1", port: 25_432 });
    await running;
    assert.equal((await ask()).DATABASE, "127.0.0.1:25432");
    assert.deepEqual(cloud.notes, []);
  });

  it("says which endpoint nothing serves, and starts all the same", async () => {
    await runServer(cloud, server({ DATABASE: "gone.eu-central-1.rds.amazonaws.com:5432" }), 30);
    assert.deepEqual(cloud.notes, [
      "gone.eu-central-1.rds.amazonaws.com:5432 is in a server's environment, and nothing in the sandbox serves it",
    ]);
    assert.equal((await ask()).DATABASE, "gone.eu-central-1.rds.amazonaws.com:5432");
  });

  it("leaves no process, file or port behind when it is halted, and others alone", async () => {
    const other = server({}, { id: "i-2" });
    await Promise.all([runServer(cloud, server(), PATIENCE_MS), runServer(cloud, other, PATIENCE_MS)]);
    const { pid, HOME } = await ask();
    assert.ok(existsSync(HOME));
    await haltServer(cloud, server());
    assert.ok(!runs(pid));
    assert.ok(!existsSync(HOME));
    assert.deepEqual(names(), ["app-i-2"]);
    assert.deepEqual(
      cloud.world
        .space<number>("ports")
        .entries()
        .map(([key]) => key),
      ["app-i-2"],
    );
    assert.deepEqual(cloud.logs.filter(({ line }) => line === "goodbye").length, 1);
    await cloud.processes.stopAll();
    await haltServer(cloud, other);
    assert.deepEqual(cloud.world.space<number>("ports").entries(), []);
    await haltServer(cloud, server());
  });

  it("keeps what its programs have when it is only stopped", async () => {
    await runServer(cloud, server(), PATIENCE_MS);
    const [{ HOME }, before] = [await ask(), await wayIn(cloud, server())];
    writeFileSync(join(HOME, "kept"), "");
    assert.deepEqual(await stopServer(cloud, server()), ["app-i-1"]);
    await runServer(cloud, server(), PATIENCE_MS);
    assert.ok(existsSync(join(HOME, "kept")));
    assert.deepEqual(await wayIn(cloud, server()), before);
  });

  describe("with several units", () => {
    it("runs all of them, each with the local ports of the others", async () => {
      const units = {
        app: { environment: { PORT: "8080", DATABASE: "127.0.0.1:9000" } },
        worker: { image: "worker", environment: { PORT: "9000", GREETING: "from the worker" } },
        tls: proxied,
      };
      const one = server({}, { userData: userData(units) });
      await runServer(cloud, one, PATIENCE_MS);
      const { DATABASE = "" } = await ask(one);
      assert.match(DATABASE, /^127\.0\.0\.1:\d+$/);
      assert.notEqual(DATABASE, "127.0.0.1:9000");
      assert.equal(((await (await fetch(`http://${DATABASE}`)).json()) as Answer).GREETING, "from the worker");
      assert.deepEqual(names().sort(), ["app-i-1", "worker-i-1"]);
    });

    it("counts those that listen on no port as started at once, as systemd does, and tries those that end again", async () => {
      const failing = (why: string): object => ({ image: "worker", environment: { FAIL: why } });
      const one = server(
        {},
        { userData: userData({ a: failing("reason one"), b: failing("reason two"), app: { environment: { PORT: "80" } } }) },
      );
      await runServer(cloud, one, PATIENCE_MS);
      await eventually("both have said why", () =>
        ["a-i-1", "b-i-1"].every((name) => (cloud.processes.tail(name, 9) ?? []).length > 1),
      );
      assert.ok(cloud.processes.tail("a-i-1", 9)?.includes("reason one"));
      assert.equal((await ask(one)).cwd, join(project.path, "apps/web"));
    });
  });

  describe("lets people in", () => {
    it("through its proxy, under the name that this serves", async () => {
      const named = { ...proxied, command: proxied.command.map((word) => (word === ":80" ? "https://shop.example.com" : word)) };
      const one = server({}, { userData: userData({ app: { environment: { PORT: "8080" } }, tls: named }) });
      assert.deepEqual(await wayIn(cloud, one), {
        target: { port: await cloud.ports.of("app-i-1"), what: 'The program "app" on the server i-1', log: "app-i-1" },
        domain: "shop.example.com",
      });
    });

    it("at a program that listens on port 80 itself", async () => {
      const one = server({}, { userData: userData({ app: { environment: { PORT: "80" } } }) });
      const { target, domain } = await wayIn(cloud, one);
      assert.equal(typeof target === "string" ? target : target.log, "app-i-1");
      assert.equal(domain, undefined);
    });

    it("nowhere where nothing listens on a public port", async () => {
      const target = "Nothing on the server i-1 listens on port 80 or 443.";
      assert.deepEqual(await wayIn(cloud, server({}, { userData: userData({ app: { environment: { PORT: "8080" } } }) })), {
        target,
      });
      assert.deepEqual(await wayIn(cloud, server({}, { userData: "" })), { target });
    });
  });

  describe("is refused", () => {
    const refused = (units: Parameters<typeof userData>[0]): readonly string[] => {
      try {
        planServer(project.path, userData(units));
      } catch (error) {
        assert.ok(error instanceof UserDataError);
        return error.faults;
      }
      return [];
    };

    it("with an image that is not there, a port that is none, and a second proxy, all at once", () => {
      assert.deepEqual(
        refused({ app: { image: "shop:1" }, worker: { environment: { PORT: "http" } }, tls: proxied, tls2: proxied }),
        [
          "image not found: shop:1. The sandbox has no registry: an image named NAME is the folder apps/NAME with a Dockerfile. There are: web, worker, caddy (built in)",
          'the unit "worker" has PORT=http; expected a port from 1 to 65535',
          "several units run caddy; the sandbox plays one way in",
        ],
      );
    });

    it("with a proxy that leads nowhere", () => {
      assert.deepEqual(refused({ app: { environment: { PORT: "3000" } }, tls: proxied }), [
        "caddy forwards to port 8080, but no unit on the server's network has PORT=8080",
      ]);
    });

    it("with two units on one port", () => {
      assert.deepEqual(refused({ a: { environment: { PORT: "8080" } }, b: { environment: { PORT: "8080" } } }), [
        "two units listen on port 8080",
      ]);
    });
  });
});
