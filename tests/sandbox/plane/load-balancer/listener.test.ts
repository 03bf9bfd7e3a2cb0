import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { Listener } from "../../../../sandbox/src/plane/load-balancer/listener.ts";
import { ask, Balancing, begin, bodies, to } from "./support.ts";

describe("a listener of a load balancer", () => {
  let balancing: Balancing;
  beforeEach(() => (balancing = new Balancing()));
  afterEach(() => balancing.end());

  const page = (title: string): string =>
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;

  describe("passes on", () => {
    it("a request to one target after the other, and their answers", async () => {
      const programs = [await balancing.program("one"), await balancing.program("two")];
      const listener = await balancing.listen(to(await balancing.healthy(programs)));
      assert.deepEqual(await bodies(listener, 4), ["one", "two", "one", "two"]);
    });

    it("method, path, query and both bodies", async () => {
      const program = await balancing.program("web", (asked, response) => {
        void text(asked).then((body) => response.writeHead(201).end(`${asked.method ?? ""} ${asked.url ?? ""} ${body}`));
      });
      const listener = await balancing.listen(to(await balancing.healthy([program])));
      const { body, status } = await ask(listener, { method: "POST", path: "/orders?full=yes", body: "two shoes" });
      assert.deepEqual([status, body], [201, "POST /orders?full=yes two shoes"]);
    });

    it("an error of a target as it is", async () => {
      const program = await balancing.program("web", (_asked, response) => response.writeHead(503).end("no database"));
      const listener = await balancing.listen(to(await balancing.healthy([program])));
      const { body, headers, status } = await ask(listener);
      assert.deepEqual([status, body, headers["server"]], [503, "no database", undefined]);
    });

    it("requests by the first rule that matches, and by the default action where none does", async () => {
      const [shop, admin, other] = await Promise.all(["shop", "admin", "other"].map((name) => balancing.program(name)));
      assert.ok(shop && admin && other);
      const rules = [
        {
          priority: 1,
          matches: ({ path }: { path: string }) => path.startsWith("/admin"),
          action: to(await balancing.healthy([admin], {}, "a")),
        },
        {
          priority: 2,
          matches: ({ host }: { host: string }) => host === "shop.example.com",
          action: to(await balancing.healthy([shop], {}, "s")),
        },
      ];
      const listener = await balancing.listen(to(await balancing.healthy([other], {}, "o")), {}, rules);
      const host = { host: "Shop.example.com:80" };
      assert.equal((await ask(listener, { path: "/admin", headers: host })).body, "admin");
      assert.equal((await ask(listener, { headers: host })).body, "shop");
      assert.equal((await ask(listener)).body, "other");
    });

    it("requests to several groups by their weights", async () => {
      const [blue, green] = [await balancing.program("blue"), await balancing.program("green")];
      const groups = [
        { group: await balancing.healthy([blue], {}, "blue"), weight: 3 },
        { group: await balancing.healthy([green], {}, "green"), weight: 1 },
      ];
      const listener = await balancing.listen({ kind: "forward", groups });
      assert.deepEqual(await bodies(listener, 8), ["blue", "blue", "green", "blue", "blue", "blue", "green", "blue"]);
      const off = groups.map((one, place) => ({ ...one, weight: place }));
      listener.follow(balancing.plan({ kind: "forward", groups: off }));
      assert.deepEqual(await bodies(listener, 2), ["green", "green"]);
    });

    it("what is under way at a target that leaves, while new requests go elsewhere", async () => {
      const held: ServerResponse[] = [];
      const leaving = await balancing.program("leaving", (_asked, response) => void held.push(response));
      const staying = await balancing.program("staying");
      const group = await balancing.healthy([leaving, staying]);
      const listener = await balancing.listen(to(group));
      const slow = ask(listener);
      while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
      group.deregister("leaving", 80);
      assert.deepEqual(await bodies(listener, 2), ["staying", "staying"]);
      assert.equal(group.isDrained("leaving", 80), false);
      held[0]?.end("the end");
      assert.equal((await slow).body, "the end");
      assert.equal(group.isDrained("leaving", 80), true);
    });

    it("the end of a client that does not wait", async () => {
      let told: (() => void) | undefined;
      const left = new Promise<void>((resolve) => (told = resolve));
      const program = await balancing.program("web", (asked, response) => {
        asked.once("close", () => told?.());
        response.write("the beginning");
      });
      const listener = await balancing.listen(to(await balancing.healthy([program])));
      const response = await begin(listener);
      response.destroy();
      await left;
    });
  });

  describe("answers itself", () => {
    it("with 503 where no target is registered", async () => {
      const listener = await balancing.listen(to(balancing.group()));
      const { body, headers, status } = await ask(listener);
      assert.deepEqual([status, body], [503, page("503 Service Temporarily Unavailable")]);
      assert.deepEqual([headers["server"], headers["content-type"]], ["awselb/2.0", "text/html"]);
      assert.deepEqual(balancing.answered, [{ at: balancing.clock, status: 503, kind: "forward", group: "web" }]);
    });

    it("with 502 where the target takes no connections, without asking another", async () => {
      const [one, two] = [await balancing.program("one"), await balancing.program("two")];
      const listener = await balancing.listen(to(await balancing.healthy([one, two])));
      await one.stop();
      const { body, status } = await ask(listener);
      assert.deepEqual([status, body], [502, page("502 Bad Gateway")]);
      assert.deepEqual(two.seen, []);
      assert.equal((await ask(listener)).body, "two");
    });

    it("with 502 where nothing of the target listens on its port", async () => {
      const group = balancing.group();
      group.register({ id: "one", port: 80, zone: "eu-central-1a", locate: () => undefined });
      assert.equal((await ask(await balancing.listen(to(group)))).status, 502);
    });

    it("with 502 where the target ends the connection before it answers", async () => {
      const program = await balancing.program("web", (asked) => asked.socket.destroy());
      const listener = await balancing.listen(to(await balancing.healthy([program])));
      assert.equal((await ask(listener, { method: "POST", body: "an order" })).status, 502);
      assert.equal(program.seen.length, 1);
    });

    it("with 504 where the target says nothing for as long as a connection may be idle", async () => {
      const program = await balancing.program("web", () => undefined);
      const listener = await balancing.listen(to(await balancing.healthy([program])), { idleMs: 30 });
      const { body, status } = await ask(listener);
      assert.deepEqual([status, body], [504, page("504 Gateway Time-out")]);
    });

    it("not at all where the answer was cut off half-way: the client must notice", async () => {
      const program = await balancing.program("web", (_asked, response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("half");
        setImmediate(() => response.destroy());
      });
      const listener = await balancing.listen(to(await balancing.healthy([program])));
      await assert.rejects(ask(listener), { code: "ECONNRESET" });
    });

    it("with 405 to TRACE, and with 463 to who comes through more than thirty proxies", async () => {
      const program = await balancing.program("web");
      const listener = await balancing.listen(to(await balancing.healthy([program])));
      assert.equal((await ask(listener, { method: "TRACE" })).status, 405);
      const through = (count: number): string => Array.from({ length: count }, () => "10.0.0.1").join(", ");
      assert.equal((await ask(listener, { headers: { "x-forwarded-for": through(31) } })).status, 463);
      assert.equal((await ask(listener, { headers: { "x-forwarded-for": through(30) } })).status, 200);
    });

    it("with what a fixed response says", async () => {
      const listener = await balancing.listen({
        kind: "fixed",
        status: 503,
        contentType: "application/json",
        body: '{"down":true}',
      });
      const { body, headers, status } = await ask(listener);
      assert.deepEqual([status, body, headers["content-type"]], [503, '{"down":true}', "application/json; charset=utf-8"]);
      const head = await ask(listener, { method: "HEAD" });
      assert.deepEqual([head.status, head.body, head.headers["content-length"]], [503, "", "13"]);
    });

    it("with a redirect, always with the port", async () => {
      const action = {
        kind: "redirect",
        status: 301,
        protocol: "HTTPS",
        host: "#{host}",
        port: "443",
        path: "/#{path}",
        query: "#{query}",
      } as const;
      const listener = await balancing.listen(action, { localPort: (port) => (port === 443 ? 24_443 : undefined) });
      const asked = { path: "/cart?item=1", headers: { host: "shop.example.com" } };
      const { body, headers, status } = await ask(listener, asked);
      assert.deepEqual([status, headers.location], [301, "https://shop.example.com:443/cart?item=1"]);
      assert.equal(body, page("301 Moved Permanently"));
      // Who comes over loopback finds the other listener of the same load balancer there.
      const local = await ask(listener, { path: "/cart", headers: { host: `127.0.0.1:${listener.port}` } });
      assert.equal(local.headers.location, "http://127.0.0.1:24443/cart");
    });
  });

  it("tells of each request what became of it", async () => {
    const program = await balancing.program("web", (_asked, response) => response.writeHead(201).end());
    const group = await balancing.healthy([program]);
    const listener = await balancing.listen(to(group));
    await ask(listener);
    await program.stop();
    await ask(listener);
    const [first, second] = balancing.answered;
    const told = { at: balancing.clock, kind: "forward", group: "web", target: { id: "web", port: 80, zone: "eu-central-1a" } };
    assert.ok((first?.targetSeconds ?? 0) > 0);
    assert.deepEqual({ ...first, targetSeconds: 1 }, { ...told, status: 201, targetStatus: 201, targetSeconds: 1 });
    assert.deepEqual(second, { ...told, status: 502, unconnected: true });
  });

  it("opens on no port that somebody else has, and listens no more once it is closed", async () => {
    const listener = await balancing.listen(to(balancing.group()));
    const plan = balancing.plan(to(balancing.group()));
    await assert.rejects(Listener.open(listener.port, plan), { code: "EADDRINUSE" });
    const idle = connect(listener.port, "127.0.0.1");
    await once(idle, "connect");
    const ended = once(idle, "close");
    await listener.close();
    await ended;
    await assert.rejects(ask(listener), { code: "ECONNREFUSED" });
  });
});
