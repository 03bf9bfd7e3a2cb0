import assert from "node:assert/strict";
import { ask, follow, type StreamEvent } from "./browse.ts";
import { process, sample } from "./sample.ts";
import { ServedConsole, TOKEN } from "./served.ts";

describe("the console", () => {
  let served: ServedConsole;
  beforeEach(async () => {
    served = await ServedConsole.start();
  });
  afterEach(() => served.close());

  describe("its lock", () => {
    it("is on loopback and opens by the address that it gives", async () => {
      assert.match(served.url, /^http:\/\/127\.0\.0\.1:\d+\/\?token=/);
      const { status, headers } = await ask(served.base, served.url);
      assert.equal(status, 303);
      assert.equal(headers["location"], "/");
      assert.match(String(headers["set-cookie"]), /^sandbox-console-\d+=[\w-]+; Path=\/; HttpOnly; SameSite=Strict$/);
      assert.ok(!String(headers["set-cookie"]).includes(TOKEN));
    });

    it("keeps everyone out who has no key, and says how to get in", async () => {
      const locked = await ask(served.base, "/");
      assert.equal(locked.status, 401);
      assert.match(locked.body, /npm run sandbox -- open/);
      for (const path of ["/console/stream", "/console/nothing", "/?token=wrong"])
        assert.equal((await ask(served.base, path)).status, 401, path);
      assert.equal(
        (await ask(served.base, "/", { headers: { cookie: (await served.cookie()).replace(/.$/, "!") } })).status,
        401,
      );
      for (const { body } of [locked]) assert.ok(!body.includes("123456789012"));
    });

    it("answers under no name but this machine's own, key or no key", async () => {
      const key = await served.cookie();
      for (const foreign of [
        "rebound.example.com",
        `rebound.example.com:${served.host.split(":")[1] ?? ""}`,
        "127.0.0.1.example.com",
        "192.168.1.2",
      ]) {
        const { status, body } = await ask(served.base, "/", { headers: { host: foreign, cookie: key } });
        assert.equal(status, 403, foreign);
        assert.equal(body, `the console answers only to 127.0.0.1 and localhost, not to "${foreign}"\n`);
        assert.equal((await ask(served.base, served.url, { headers: { host: foreign } })).status, 403);
      }
    });

    it("lets no other site press its buttons", async () => {
      for (const origin of ["http://other.example.com", "http://127.0.0.1:1", "null"])
        assert.equal((await served.press("/console/faults/kill", { process: "postgres" }, origin)).status, 403, origin);
      assert.equal((await served.open("/console/faults/clear", { method: "POST" })).status, 403);
      assert.deepEqual(served.done, []);
    });

    it("forbids whatever is not its own, on every answer", async () => {
      for (const path of ["/", "/console/nothing"]) {
        const { headers } = await served.open(path);
        const policy = String(headers["content-security-policy"]);
        assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; /);
        assert.ok(!policy.includes("unsafe"));
        assert.equal(headers["cache-control"], "no-store");
        assert.equal(headers["x-content-type-options"], "nosniff");
      }
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
      const stream = follow(served.base, "/console/stream", await served.cookie());
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
      served.world = () => ({ ...sample(), processes: down });
      const changed: string[] = [];
      const status = await until(stream, ({ data }) => data["id"] === "status" || changed.push(data["id"] ?? "") < 0);
      assert.match(status.data["html"] ?? "", /1 process down/);
      const topology = await until(stream, ({ data }) => data["id"] === "topology");
      assert.match(topology.data["html"] ?? "", /class="card server down"/);
      assert.deepEqual(changed, []);
      await stream.return(undefined);
    });

    it("sends the log that the page follows, without its secrets", async () => {
      const stream = follow(served.base, "/console/stream?log=postgres", await served.cookie());
      const { data } = await until(stream, ({ event }) => event === "log");
      assert.deepEqual(data, { process: "postgres", text: "first\npassword=•••\nlast" });
      await stream.return(undefined);
    });

    it("is cut off, and the daemon lives on, when the world cannot be read", async () => {
      const stream = follow(served.base, "/console/stream", await served.cookie());
      await stream.next();
      served.world = () => {
        throw new Error("the world is closed");
      };
      await assert.rejects(until(stream, () => false));
      served.world = sample;
      assert.equal((await served.open("/")).status, 200);
    });

    it("ends when the console closes", async () => {
      const stream = follow(served.base, "/console/stream", await served.cookie());
      await stream.next();
      const [ended] = await Promise.allSettled([until(stream, () => false), served.close()]);
      assert.equal(ended.status, "rejected");
      await assert.rejects(ask(served.base, "/"));
    });
  });
});
