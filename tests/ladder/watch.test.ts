import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Watch } from "../../ladder/src/watch.ts";

describe("a watch over the product", () => {
  let server: Server;
  let answers: ((count: number) => number)[] = [];
  let asked = 0;
  let url = "";

  beforeEach(async () => {
    asked = 0;
    server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(answers[0]?.(asked) ?? 200).end("here");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Watches until so many requests have come in. */
  async function watchFor(requests: number): Promise<Watch> {
    const watch = new Watch({ url: () => Promise.resolve(url), everyMs: 1 }).start();
    while (watch.seen().requests < requests) await once(server, "request");
    return watch;
  }

  it("counts what was answered", async () => {
    answers = [() => 200];
    const seen = await (await watchFor(5)).stop();
    assert.equal(seen.failed, 0);
    assert.deepEqual(seen.faults, {});
    assert.ok(seen.requests >= 5 && seen.p95Ms > 0);
    assert.equal(seen.longestOutageMs, 0);
  });

  it("counts each kind of failure, and the time until the next answer", async () => {
    answers = [(count) => (count === 2 ? 503 : count === 3 ? 404 : 200)];
    const seen = await (await watchFor(5)).stop();
    assert.equal(seen.failed, 2);
    assert.deepEqual(seen.faults, { "HTTP 503": 1, "HTTP 404": 1 });
    assert.ok(seen.longestOutageMs > 0);
  });

  it("counts a refused connection", async () => {
    answers = [() => 200];
    const watch = await watchFor(1);
    server.closeAllConnections();
    server.close();
    while (watch.seen().failed < 2) await new Promise(setImmediate);
    const { faults } = await watch.stop();
    assert.ok((faults["ECONNREFUSED"] ?? 0) >= 1, JSON.stringify(faults));
  });
});
