import assert from "node:assert/strict";
import { once } from "node:events";
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type RequestListener,
  type Server,
} from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { Door, type DoorPatience, type DoorTarget } from "../../../sandbox/src/plane/door.ts";
import { eventually } from "./support.ts";

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

describe("Door", () => {
  let door: Door;
  let servers: Server[];
  beforeEach(() => (servers = []));
  afterEach(async () => {
    await door.close();
    for (const server of servers) await stop(server);
  });

  /** A program that listens: on the port of one before it, or on any. */
  async function program(listener: RequestListener, port = 0): Promise<{ server: Server; target: DoorTarget }> {
    const server = createServer({ keepAliveTimeout: 60_000 }, listener);
    servers.push(server);
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    const bound = (server.address() as AddressInfo).port;
    return { server, target: { port: bound, what: "The shop", log: "app-i-1" } };
  }

  async function stop(server: Server): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async function freePort(): Promise<number> {
    const { server, target } = await program(() => undefined);
    await stop(server);
    return target.port;
  }

  const open = async (target: DoorTarget | string, patience: DoorPatience = { restartMs: 0 }): Promise<void> => {
    door = await Door.open(await freePort(), target, patience);
  };

  function begin({ method = "GET", path = "/", headers = {}, body, agent }: Ask = {}): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port: door.port, method, path, headers, ...(agent && { agent }) };
      const asked = request(options, resolve);
      asked.once("error", reject);
      asked.end(body);
    });
  }

  async function ask(what: Ask = {}): Promise<Answer> {
    const response = await begin(what);
    return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
  }

  /** A program that answers with the request as it reached it. */
  const echo: RequestListener = (asked, response) => {
    void text(asked).then((body) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ method: asked.method, url: asked.url, headers: asked.headers, body }));
    });
  };

  async function echoed(what: Ask): Promise<{ method: string; url: string; headers: Record<string, string>; body: string }> {
    return JSON.parse((await ask(what)).body) as { method: string; url: string; headers: Record<string, string>; body: string };
  }

  describe("passes on", () => {
    it("method, path, body and headers of a request", async () => {
      await open((await program(echo)).target);
      const asked = {
        method: "PUT",
        path: "/orders/1?full=yes",
        headers: { "x-trace": "abc", cookie: "a=1; b=2" },
        body: "a body",
      };
      const { headers, ...told } = await echoed(asked);
      assert.deepEqual(told, { method: "PUT", url: "/orders/1?full=yes", body: "a body" });
      assert.equal(headers["x-trace"], "abc");
      assert.equal(headers["cookie"], "a=1; b=2");
      assert.equal(headers["content-length"], "6");
    });

    it("a body of unknown length, and a large one, whole", async () => {
      await open((await program(echo)).target);
      const chunked = await echoed({ method: "POST", headers: { "transfer-encoding": "chunked" }, body: "in chunks" });
      assert.equal(chunked.body, "in chunks");
      const large = "x".repeat(3_000_000);
      assert.equal((await echoed({ method: "POST", body: large })).body.length, large.length);
    });

    it("who asks and for which host, and believes nobody who says so himself", async () => {
      await open((await program(echo)).target);
      const { headers } = await echoed({
        headers: {
          host: "shop.example.com",
          "x-forwarded-for": "10.0.0.1",
          "x-forwarded-host": "evil.example.com",
          "x-forwarded-proto": "https",
          forwarded: "for=10.0.0.1",
        },
      });
      assert.equal(headers["host"], "shop.example.com");
      assert.equal(headers["x-forwarded-for"], "127.0.0.1");
      assert.equal(headers["x-forwarded-host"], "shop.example.com");
      assert.equal(headers["x-forwarded-proto"], "http");
      assert.equal(headers["forwarded"], undefined);
    });

    it("no header that belongs to one connection alone, nor those that the client names as such", async () => {
      await open((await program(echo)).target);
      const { headers } = await echoed({
        headers: { connection: "close, X-Hop", "x-hop": "1", te: "trailers", "keep-alive": "timeout=5", "x-stays": "1" },
      });
      for (const name of ["x-hop", "te", "keep-alive"]) assert.equal(headers[name], undefined, name);
      assert.equal(headers["x-stays"], "1");
    });

    it("the status, headers and body of the answer, several cookies included", async () => {
      const { target } = await program((_asked, response) => {
        response.writeHead(201, { "set-cookie": ["a=1", "b=2"], "x-made": "here", "keep-alive": "timeout=1" });
        response.end("made");
      });
      await open(target);
      const { status, headers, body } = await ask({ method: "POST" });
      assert.deepEqual({ status, body }, { status: 201, body: "made" });
      assert.deepEqual(headers["set-cookie"], ["a=1", "b=2"]);
      assert.equal(headers["x-made"], "here");
      // The door's own, not the program's.
      assert.equal(headers["keep-alive"], "timeout=30");
    });

    it("errors of the program as they are", async () => {
      const { target } = await program((_asked, response) => response.writeHead(503, { "retry-after": "7" }).end("busy"));
      await open(target);
      const { status, headers, body } = await ask();
      assert.deepEqual([status, headers["retry-after"], body], [503, "7", "busy"]);
    });

    it("answers without a body", async () => {
      await open((await program((_asked, response) => response.writeHead(304, { etag: '"1"' }).end())).target);
      assert.deepEqual((await ask()).status, 304);
      door.lead((await program((_asked, response) => response.writeHead(200, { "content-length": 5 }).end("hello"))).target);
      const head = await ask({ method: "HEAD" });
      assert.deepEqual([head.status, head.headers["content-length"], head.body], [200, "5", ""]);
    });

    it("a stream piece by piece, while it is being made", async () => {
      const pieces: (() => void)[] = [];
      const { target } = await program((_asked, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write("data: one\n\n");
        pieces.push(() => response.end("data: two\n\n"));
      });
      await open(target);
      const response = await begin();
      const [first] = (await once(response, "data")) as [Buffer];
      assert.equal(first.toString(), "data: one\n\n");
      pieces[0]?.();
      assert.equal(await text(response), "data: two\n\n");
    });

    it("a request for a WebSocket as an ordinary one: it upgrades no connection", async () => {
      await open((await program(echo)).target);
      const { headers } = await echoed({ headers: { connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "x" } });
      assert.equal(headers["upgrade"], undefined);
    });
  });

  it("lets go of the program's answer when the client goes away", async () => {
    let gone = false;
    const { target } = await program((_asked, response) => {
      response.write("first");
      response.once("close", () => (gone = true));
    });
    await open(target);
    const response = await begin();
    response.destroy();
    await eventually("the program is told", () => gone);
  });

  it("cuts its answer off when the program's breaks off, so that nobody takes the half for the whole", async () => {
    const { target } = await program((_asked, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("half", () => response.destroy());
    });
    await open(target);
    await assert.rejects(ask(), { code: "ECONNRESET" });
  });

  describe("when the program is started again", () => {
    const restart = { restartMs: 10_000 };

    it("answers requests that are safe to repeat, over connections that it had kept", async () => {
      const first = await program((_asked, response) => response.end("first"));
      await open(first.target, restart);
      const agent = new Agent({ keepAlive: true });
      assert.equal((await ask({ agent })).body, "first");
      await stop(first.server);
      const waiting = ask({ agent });
      await program((_asked, response) => response.end("second"), first.target.port);
      assert.equal((await waiting).body, "second");
      agent.destroy();
    });

    it("repeats such a request also when the program ends in the middle of it", async () => {
      let arrived = false;
      const first = await program((asked) => {
        arrived = true;
        asked.socket.destroy();
      });
      await open(first.target, restart);
      const waiting = ask();
      await eventually("the request has arrived", () => arrived);
      await stop(first.server);
      await program((_asked, response) => response.end("second"), first.target.port);
      assert.equal((await waiting).body, "second");
    });

    it("holds back also what may not be repeated, as long as nothing of it was sent", async () => {
      const first = await program(echo);
      await open(first.target, restart);
      await stop(first.server);
      const waiting = echoed({ method: "POST", path: "/orders", body: "one order" });
      await program(echo, first.target.port);
      const { method, body } = await waiting;
      assert.deepEqual([method, body], ["POST", "one order"]);
    });

    it("never sends twice what the program may have begun to do", async () => {
      let orders = 0;
      const { target } = await program((asked) => {
        orders++;
        asked.socket.destroy();
      });
      await open(target, restart);
      const { status, body } = await ask({ method: "POST", body: "one order" });
      assert.equal(orders, 1);
      assert.equal(status, 502);
      assert.match(body, /^The shop ended the connection before it answered \((UND_ERR_SOCKET|ECONNRESET)\)\.\n/);
    });

    it("takes a request that waits to where it leads by then", async () => {
      const port = await freePort();
      await open({ port, what: "The old shop", log: "app-i-1" }, restart);
      const waiting = ask();
      door.lead((await program((_asked, response) => response.end("elsewhere"))).target);
      assert.equal((await waiting).body, "elsewhere");
    });
  });

  it("lets requests that are under way end where they began, and leads new ones elsewhere", async () => {
    const held: (() => void)[] = [];
    const old = await program((_asked, response) => held.push(() => response.end("old")));
    await open(old.target);
    const under = ask();
    await eventually("it has arrived", () => held.length === 1);
    door.lead((await program((_asked, response) => response.end("new"))).target);
    assert.equal((await ask()).body, "new");
    held[0]?.();
    assert.equal((await under).body, "old");
  });

  describe("explains itself", () => {
    const page = { headers: { accept: "text/html,application/xhtml+xml" } };

    it("with 503 where the program takes no connections", async () => {
      await open({ port: await freePort(), what: "The shop", log: "app-i-1" });
      const { status, headers, body } = await ask();
      assert.equal(status, 503);
      assert.equal(
        body,
        "The shop is starting, or has stopped: it takes no connections yet.\nSee what it says: npm run sandbox -- logs app-i-1\n",
      );
      assert.equal(headers["content-type"], "text/plain; charset=utf-8");
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["retry-after"], "2");
    });

    it("with 503 and the reason where it leads nowhere, and gives no hint to a log", async () => {
      await open("The server <i-1> is gone & away.");
      assert.deepEqual([(await ask()).status, (await ask()).body], [503, "The server <i-1> is gone & away.\n"]);
      const { body } = await ask(page);
      assert.match(body, /<p>The server &lt;i-1&gt; is gone &amp; away\.<\/p>\n<\/html>\n$/);
      assert.doesNotMatch(body, /<code>/);
    });

    it("with 502 where the program ends the connection", async () => {
      await open((await program((asked) => asked.socket.destroy())).target);
      const { status, body } = await ask();
      assert.equal(status, 502);
      assert.match(body, /^The shop ended the connection before it answered \((UND_ERR_SOCKET|ECONNRESET)\)\.\n/);
    });

    it("with 504 where the program does not begin to answer", async () => {
      await open((await program(() => undefined)).target, { restartMs: 0, answerMs: 1 });
      const { status, body } = await ask();
      assert.deepEqual([status, body.split("\n")[0]], [504, "The shop took too long to answer."]);
    });

    it("with 400 where the request makes no sense to a program", async () => {
      await open((await program(echo)).target);
      const { status, body } = await ask({ method: "OPTIONS", path: "*" });
      assert.deepEqual([status, body.split("\n")[0]], [400, "Such a request cannot be passed on."]);
    });

    it("on a page for browsers, which asks again by itself", async () => {
      await open({ port: await freePort(), what: "The shop", log: "app-i-1" });
      const { status, headers, body } = await ask(page);
      assert.equal(status, 503);
      assert.equal(headers["content-type"], "text/html; charset=utf-8");
      assert.equal(headers["content-length"], String(Buffer.byteLength(body)));
      assert.match(body, /<meta http-equiv="refresh" content="2">\n<title>Not there yet<\/title>/);
      assert.match(body, /<p>The shop is starting, or has stopped: it takes no connections yet\.<\/p>/);
      assert.match(body, /<p><code>See what it says: npm run sandbox -- logs app-i-1<\/code><\/p>/);
    });

    it("without a body to HEAD", async () => {
      await open("Nothing here.");
      const { status, headers, body } = await ask({ method: "HEAD" });
      assert.deepEqual([status, headers["content-length"], body], [503, "14", ""]);
    });

    it("to a client that sends a body as well, whose connection goes on", async () => {
      await open({ port: await freePort(), what: "The shop", log: "app-i-1" });
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (const size of [10, 2_000_000]) {
        const { status } = await ask({ method: "POST", body: Buffer.alloc(size), agent });
        assert.equal(status, 503);
      }
      agent.destroy();
    });
  });

  it("opens on no port that somebody else has", async () => {
    const { target } = await program(echo);
    await open("Nothing here.");
    await assert.rejects(Door.open(target.port, "Nothing here."), { code: "EADDRINUSE" });
  });

  it("ends every connection when it is closed, also those that wait", async () => {
    await open({ port: await freePort(), what: "The shop", log: "app-i-1" }, { restartMs: 60_000 });
    const waiting = assert.rejects(ask(), { code: "ECONNRESET" });
    const idle = connect(door.port, "127.0.0.1");
    await once(idle, "connect");
    const ended = new Promise((resolve) => idle.on("error", () => undefined).once("close", resolve));
    await door.close();
    await ended;
    await waiting;
    await assert.rejects(ask(), { code: "ECONNREFUSED" });
  });
});
