import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import type { ListenerPlan } from "../../../../sandbox/src/plane/load-balancer/listener.ts";
import type { HeaderRules } from "../../../../sandbox/src/plane/load-balancer/request.ts";
import { ask, Balancing, to } from "./support.ts";

describe("the headers that a load balancer passes on", () => {
  let balancing: Balancing;
  beforeEach(() => (balancing = new Balancing()));
  afterEach(() => balancing.end());

  const RULES: HeaderRules = { forwardedFor: "append", clientPort: false, keepHost: false, dropInvalid: false };

  /** What reaches the target. */
  async function passed(
    headers: Record<string, string> = {},
    rules: Partial<HeaderRules> = {},
    front: Partial<ListenerPlan> = {},
  ): Promise<IncomingHttpHeaders> {
    const program = await balancing.program("web");
    const listener = await balancing.listen(to(await balancing.healthy([program])), {
      headers: { ...RULES, ...rules },
      ...front,
    });
    await ask(listener, { headers });
    return program.seen[0]?.headers ?? {};
  }

  it("say who asks, by which protocol and at which port of the listener, whatever the client says", async () => {
    const headers = await passed({ "x-forwarded-proto": "http", "x-forwarded-port": "1" }, {}, { protocol: "HTTPS", port: 443 });
    assert.equal(headers["x-forwarded-for"], "127.0.0.1");
    assert.equal(headers["x-forwarded-proto"], "https");
    assert.equal(headers["x-forwarded-port"], "443");
  });

  it("believe a program of this machine that plays a client elsewhere, and keep that to themselves", async () => {
    const headers = await passed({ "x-sandbox-client": "203.0.113.9" });
    assert.deepEqual([headers["x-forwarded-for"], headers["x-sandbox-client"]], ["203.0.113.9", undefined]);
    assert.equal((await passed({ "x-sandbox-client": "somebody" }))["x-forwarded-for"], "127.0.0.1");
  });

  it("add the client to those before it", async () => {
    assert.equal(
      (await passed({ "x-forwarded-for": "203.0.113.7, 10.0.0.1" }))["x-forwarded-for"],
      "203.0.113.7, 10.0.0.1, 127.0.0.1",
    );
  });

  it("leave the list as it is, or take it away, where the load balancer is told so", async () => {
    const given = { "x-forwarded-for": "203.0.113.7" };
    assert.equal((await passed(given, { forwardedFor: "preserve" }))["x-forwarded-for"], "203.0.113.7");
    assert.equal((await passed({}, { forwardedFor: "preserve" }))["x-forwarded-for"], undefined);
    assert.equal((await passed(given, { forwardedFor: "remove" }))["x-forwarded-for"], undefined);
  });

  it("say the client's port where that is wanted", async () => {
    assert.match(String((await passed({}, { clientPort: true }))["x-forwarded-for"]), /^127\.0\.0\.1:\d+$/);
  });

  it("hold the host as the client wrote it, and a listener's own port where that is not 80 or 443", async () => {
    const host = { host: "shop.example.com" };
    assert.equal((await passed(host)).host, "shop.example.com");
    assert.equal((await passed(host, {}, { port: 8443 })).host, "shop.example.com:8443");
    assert.equal((await passed(host, { keepHost: true }, { port: 8443 })).host, "shop.example.com");
    assert.equal((await passed({ host: "shop.example.com:1" }, {}, { port: 8443 })).host, "shop.example.com:1");
  });

  it("hold a trace: the one that there is, with the load balancer in front, or a new one", async () => {
    assert.match(String((await passed())["x-amzn-trace-id"]), /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    const given = "Root=1-67891233-abcdef012345678912345678";
    const kept = String((await passed({ "x-amzn-trace-id": given }))["x-amzn-trace-id"]);
    assert.match(kept, new RegExp(`^Self=1-[0-9a-f]{8}-[0-9a-f]{24};${given}$`));
  });

  it("hold invalid names only where they are not to be dropped", async () => {
    assert.equal((await passed({ x_odd: "1" }))["x_odd"], "1");
    const strict = await passed({ x_odd: "1", "x-fine": "2" }, { dropInvalid: true });
    assert.deepEqual([strict["x_odd"], strict["x-fine"]], [undefined, "2"]);
  });

  it("hold nothing that belongs to one connection", async () => {
    const headers = await passed({ connection: "close, x-hop", "x-hop": "1", te: "trailers" });
    assert.deepEqual([headers["x-hop"], headers["te"]], [undefined, undefined]);
  });

  it("go back as the listener wants them", async () => {
    const program = await balancing.program("web", (_asked, response) => response.setHeader("server", "shop").end());
    const answerHeaders: ListenerPlan["answerHeaders"] = ({ server: _server, ...rest }) => ({
      ...rest,
      "x-frame-options": "DENY",
    });
    const listener = await balancing.listen(to(await balancing.healthy([program])), { answerHeaders });
    const { headers } = await ask(listener);
    assert.deepEqual([headers["server"], headers["x-frame-options"]], [undefined, "DENY"]);
  });
});
