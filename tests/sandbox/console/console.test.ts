import assert from "node:assert/strict";
import { type RunningConsole, startConsole } from "../../../sandbox/src/console/console.ts";
import type { ConsoleSnapshot } from "../../../sandbox/src/console/sources.ts";
import { type Answer, ask, follow, type Sent, type StreamEvent } from "./browse.ts";
import { NOON, PLANTED, process, resource, sample } from "./sample.ts";

const TOKEN = "the-token-of-a-console-in-a-test";

describe("the console", () => {
  let running: RunningConsole;
  let base: string;
  let host: string;
  let world: () => ConsoleSnapshot;
  let done: unknown[];

  beforeEach(async () => {
    world = sample;
    done = [];
    running = await startConsole({
      token: TOKEN,
      refreshMilliseconds: 5,
      sources: {
        snapshot: () => world(),
        tail: (name, lines) => (name === "postgres" ? ["first", `password=${PLANTED}`, "last"].slice(-lines) : []),
        kill: (name) => {
          if (name !== "postgres") throw new Error(`no process is called ${name}; there are: postgres`);
          done.push(["kill", name]);
        },
        addFault: (fault) => done.push(["add", fault]),
        removeFault: (id) => done.push(["remove", id]),
        clearFaults: () => void done.push(["clear"]),
        now: () => NOON,
      },
    });
    base = new URL(running.url).origin;
    host = new URL(running.url).host;
  });
  afterEach(() => running.close());

  /** What a browser holds once the console has been opened. */
  async function cookie(): Promise<string> {
    const { headers } = await ask(base, running.url);
    return String(headers["set-cookie"]).split(";")[0] ?? "";
  }
  const open = async (path: string, sent: Sent = {}): Promise<Answer> =>
    ask(base, path, { ...sent, headers: { cookie: await cookie(), ...sent.headers } });
  const press = (path: string, form: Record<string, string> = {}, origin = base): Promise<Answer> =>
    open(path, {
      method: "POST",
      headers: { origin, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    });

  describe("its lock", () => {
    it("is on loopback and opens by the address that it gives", async () => {
      assert.match(running.url, /^http:\/\/127\.0\.0\.1:\d+\/\?token=/);
      const { status, headers } = await ask(base, running.url);
      assert.equal(status, 303);
      assert.equal(headers["location"], "/");
      assert.match(String(headers["set-cookie"]), /^sandbox-console-\d+=[\w-]+; Path=\/; HttpOnly; SameSite=Strict$/);
      assert.ok(!String(headers["set-cookie"]).includes(TOKEN));
    });

    it("keeps everyone out who has no key, and says how to get in", async () => {
      const locked = await ask(base, "/");
      assert.equal(locked.status, 401);
      assert.match(locked.body, /npm run sandbox -- open/);
      for (const path of ["/console/stream", "/console/nothing", "/?token=wrong"])
        assert.equal((await ask(base, path)).status, 401, path);
      assert.equal((await ask(base, "/", { headers: { cookie: (await cookie()).replace(/.$/, "!") } })).status, 401);
      for (const { body } of [locked]) assert.ok(!body.includes("123456789012"));
    });

    it("answers under no name but this machine's own, key or no key", async () => {
      const key = await cookie();
      for (const foreign of [
        "rebound.example.com",
        `rebound.example.com:${host.split(":")[1] ?? ""}`,
        "127.0.0.1.example.com",
        "192.168.1.2",
      ]) {
        const { status, body } = await ask(base, "/", { headers: { host: foreign, cookie: key } });
        assert.equal(status, 403, foreign);
        assert.equal(body, `the console answers only to 127.0.0.1 and localhost, not to "${foreign}"\n`);
        assert.equal((await ask(base, running.url, { headers: { host: foreign } })).status, 403);
      }
    });

    it("lets no other site press its buttons", async () => {
      for (const origin of ["http://other.example.com", "http://127.0.0.1:1", "null"])
        assert.equal((await press("/console/faults/kill", { process: "postgres" }, origin)).status, 403, origin);
      assert.equal((await open("/console/faults/clear", { method: "POST" })).status, 403);
      assert.deepEqual(done, []);
    });

    it("forbids whatever is not its own, on every answer", async () => {
      for (const path of ["/", "/console/nothing"]) {
        const { headers } = await open(path);
        const policy = String(headers["content-security-policy"]);
        assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; /);
        assert.ok(!policy.includes("unsafe"));
        assert.equal(headers["cache-control"], "no-store");
        assert.equal(headers["x-content-type-options"], "nosniff");
      }
    });
  });

  describe("its page", () => {
    const count = (text: string, what: RegExp): number => [...text.matchAll(what)].length;

    it("shows what there is", async () => {
      const { status, body } = await open("/");
      assert.equal(status, 200);
      assert.match(body, /All well: 35 resources, 2 processes/);
      assert.match(body, /account 123456789012 · eu-central-1\s*</);
      assert.match(body, /class="card database ok"/);
      assert.equal(count(body, /class="card /g), 11);
      assert.equal(count(body, /class="cell public"/g), 3);
      assert.equal(count(body, /class="flow( busy)?"/g), 4);
      assert.equal(count(body, /<tr\s+id="r-/g), 35);
      assert.equal(count(body, /action="\/console\/faults\/kill"/g), 2);
      assert.match(body, /href="http:\/\/127\.0\.0\.1:41080">Open the product</);
    });

    it("offers faults that can be put in, for the services that there are, and ends those in force", async () => {
      world = () => ({ ...sample(), faults: [{ id: "latency-1", description: "adds 500 ms to each call" }] });
      const { body } = await open("/");
      const kinds = [...body.matchAll(/name="kind" value="([\w-]+)"/g)].map((found) => found[1]);
      assert.deepEqual(kinds, ["throttle", "fail-create", "latency"]);
      const services = [...body.matchAll(/<option value="([\w-]+)">/g)].map((found) => found[1]);
      assert.deepEqual(services, ["backup", "cloudwatch", "ec2", "kms", "random", "rds", "s3", "secretsmanager", "sns", "vpc"]);
      assert.match(body, /adds 500 ms to each call<span class="quiet">latency-1<\/span>/);
      assert.equal(count(body, /action="\/console\/faults\/remove"/g), 1);
    });

    it("tells a message that was sent from one that AWS would have kept back", async () => {
      const to = "ops@example.com";
      world = () => ({
        ...sample(),
        mail: [
          { at: NOON, to, subject: "ALARM", body: "CPU is high", delivered: true },
          { at: NOON, to, subject: "OK", delivered: false },
        ],
      });
      const { body } = await open("/");
      assert.match(body, /<summary>ALARM<\/summary>\s*<pre>CPU is high<\/pre>/);
      assert.equal(count(body, /kept back: the address has not confirmed its subscription/g), 1);
    });

    it("shows what programs asked for before what the cloud made beside it", async () => {
      world = () => ({
        ...sample(),
        resources: [
          { ...resource("aws:ec2/routeTable:RouteTable", "", "rtb-0born"), urn: "" },
          resource("aws:ec2/vpc:Vpc", "platform-network", "vpc-1"),
        ],
      });
      const { body } = await open("/");
      assert.ok(body.indexOf('id="r-Vpc-') < body.indexOf('id="r-RouteTable-'));
    });

    it("needs nothing from elsewhere and holds no code", async () => {
      const { body } = await open("/");
      const addresses = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map((found) => found[1] ?? "");
      const foreign = addresses.filter((address) => !/^(\/console\/assets\/|#r-|\?log=)/.test(address));
      assert.deepEqual([...new Set(foreign)], ["http://127.0.0.1:41080"]);
      assert.equal(count(body, /<script\b(?! type="module" src="\/console\/assets\/client\.[0-9a-f]{12}\.js"><\/script>)/g), 0);
      assert.equal(count(body, / (?:style|on\w+)="/g), 0);
      for (const address of addresses.filter((found) => found.startsWith("/console/assets/"))) {
        const asset = await ask(base, address);
        assert.equal(asset.status, 200, address);
        assert.match(String(asset.headers["cache-control"]), /immutable/);
      }
    });

    it("shows no secret, wherever it has got to", async () => {
      world = () => ({
        ...sample(),
        events: [{ at: NOON, message: "the vault said: kept-by-secrets-manager" }],
        secrets: ["kept-by-secrets-manager"],
      });
      for (const path of ["/", "/?log=postgres"]) {
        const { body } = await open(path);
        assert.ok(!body.includes(PLANTED), path);
        assert.ok(!body.includes("kept-by-secrets-manager"), path);
      }
      assert.match((await open("/?log=postgres")).body, /password=•••/);
    });

    it("writes what came from elsewhere as text", async () => {
      const nasty = `"><script>alert(1)</script>`;
      world = () => ({
        ...sample(),
        resources: [resource("aws:s3/bucket:Bucket", nasty, nasty, { bucket: nasty })],
        processes: [process(nasty)],
        doors: [{ name: nasty, url: "javascript:alert(1)", target: nasty }],
        events: [{ at: NOON, message: nasty }],
        faults: [{ id: nasty, description: nasty }],
        alarms: [{ name: nasty, state: "ALARM", reason: nasty }],
        mail: [{ at: NOON, to: nasty, subject: nasty, body: nasty }],
      });
      const { body } = await open(`/?log=${encodeURIComponent(nasty)}`);
      assert.equal(count(body, /<script/g), 1);
      assert.ok(!body.includes(`href="javascript:`));
    });

    it("says so when there is nothing", async () => {
      world = () => ({ ...sample(), resources: [], processes: [], doors: [], alarms: [], events: [], mail: [] });
      const { body } = await open("/");
      assert.match(body, /Empty: nothing has been deployed/);
      assert.match(body, /Nothing is deployed yet: npm start/);
    });
  });

  describe("its buttons", () => {
    it("kill, add, end and clear", async () => {
      for (const [path, form] of [
        ["kill", { process: "postgres" }],
        ["add", { kind: "latency", ms: "500", service: "" }],
        ["add", { kind: "throttle", calls: "20", service: " s3 " }],
        ["remove", { fault: "latency-1" }],
        ["clear", {}],
      ] as const)
        assert.equal((await press(`/console/faults/${path}`, form)).status, 303);
      assert.deepEqual(done, [
        ["kill", "postgres"],
        ["add", { kind: "latency", ms: 500 }],
        ["add", { kind: "throttle", calls: 20, service: "s3" }],
        ["remove", "latency-1"],
        ["clear"],
      ]);
    });

    it("pass on why something cannot be done", async () => {
      const { status, body } = await press("/console/faults/kill", { process: "postgre" });
      assert.equal(status, 409);
      assert.equal(body, "no process is called postgre; there are: postgres\n");
    });
  });

  describe("its stream", () => {
    /** Reads until an event fits. */
    async function until(stream: AsyncGenerator<StreamEvent>, fits: (event: StreamEvent) => boolean): Promise<StreamEvent> {
      for (;;) {
        const next = await stream.next();
        if (next.done === true) throw new Error("the stream has ended");
        if (fits(next.value)) return next.value;
      }
    }

    it("sends every part once, and then what has changed and nothing else", async () => {
      const stream = follow(base, "/console/stream", await cookie());
      const first = new Set<string>();
      await until(stream, ({ data }) => first.add(data["id"] ?? "").size === 10);
      assert.deepEqual(
        [...first].sort(),
        "alarms doors events faults mail processes product resources status topology".split(" "),
      );
      const down = [
        process("app-i-0123456789abcdef0", { state: "waiting", pid: undefined, memoryBytes: 0 }),
        process("postgres"),
      ];
      world = () => ({ ...sample(), processes: down });
      const changed: string[] = [];
      const status = await until(stream, ({ data }) => data["id"] === "status" || changed.push(data["id"] ?? "") < 0);
      assert.match(status.data["html"] ?? "", /1 process down/);
      const topology = await until(stream, ({ data }) => data["id"] === "topology");
      assert.match(topology.data["html"] ?? "", /class="card server down"/);
      assert.deepEqual(changed, []);
      await stream.return(undefined);
    });

    it("sends the log that the page follows, without its secrets", async () => {
      const stream = follow(base, "/console/stream?log=postgres", await cookie());
      const { data } = await until(stream, ({ event }) => event === "log");
      assert.deepEqual(data, { process: "postgres", text: "first\npassword=•••\nlast" });
      await stream.return(undefined);
    });

    it("is cut off, and the daemon lives on, when the world cannot be read", async () => {
      const stream = follow(base, "/console/stream", await cookie());
      await stream.next();
      world = () => {
        throw new Error("the world is closed");
      };
      await assert.rejects(until(stream, () => false));
      world = sample;
      assert.equal((await open("/")).status, 200);
    });

    it("ends when the console closes", async () => {
      const stream = follow(base, "/console/stream", await cookie());
      await stream.next();
      const [ended] = await Promise.allSettled([until(stream, () => false), running.close()]);
      assert.equal(ended.status, "rejected");
      await assert.rejects(ask(base, "/"));
    });
  });
});
