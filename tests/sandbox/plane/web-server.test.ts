import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent as HttpAgent, type IncomingMessage, request as requestPlain } from "node:http";
import { Agent, request } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { CertificateAuthority } from "../../../sandbox/src/plane/certificate-authority.ts";
import { Ports } from "../../../sandbox/src/plane/ports.ts";
import { WebServer } from "../../../sandbox/src/plane/web-server.ts";
import { World } from "../../../sandbox/src/core/world.ts";

const NAME = "shop.example.com";

describe("WebServer", () => {
  const home = mkdtempSync(join(tmpdir(), "sandbox-web-"));
  const trust = new CertificateAuthority(home);
  const world = new World(join(home, "world.db"));
  const agent = new HttpAgent({ keepAlive: true });
  let server: WebServer;
  let port: number;
  beforeEach(async () => {
    port = await new Ports(world).of("web");
    server = new WebServer(
      (asked, response) => void asked.pipe(response.setHeader("x-encrypted", String("encrypted" in asked.socket))),
      { keepAliveMs: 60_000 },
    );
    await server.listen(port);
  });
  afterEach(() => server.close());
  after(() => {
    agent.destroy();
    world.close();
    rmSync(home, { recursive: true });
  });

  async function answer(asked: ReturnType<typeof request>): Promise<string> {
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    return `${await text(response)}, ${response.headers["x-encrypted"] === "true" ? "encrypted" : "plain"}`;
  }

  /** Says something over plain HTTP, and gets it back. */
  function plainly(words: string): Promise<string> {
    const asked = requestPlain({ host: "127.0.0.1", port, method: "POST", agent });
    asked.end(words);
    return answer(asked);
  }

  /** The same over TLS, as a client that wants to see a certificate for the name. */
  function secretly(words: string, servername = NAME): Promise<string> {
    const ca = readFileSync(trust.caFile());
    const asked = request({ host: "127.0.0.1", port, method: "POST", servername, agent: new Agent({ ca, keepAlive: false }) });
    asked.end(words);
    return answer(asked);
  }

  it("speaks plain HTTP, and no TLS without a certificate", async () => {
    await trust.prepare();
    assert.equal(await plainly("hello"), "hello, plain");
    await assert.rejects(secretly("hello"), { code: "EPROTO" });
  });

  it("speaks both on the same port with one, and shows it for its names only", async () => {
    server.secure(await trust.issue([NAME]));
    assert.equal(await plainly("hello"), "hello, plain");
    assert.equal(await secretly("x".repeat(100_000)), `${"x".repeat(100_000)}, encrypted`);
    await assert.rejects(secretly("hello", "other.example.com"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  });

  it("takes another certificate, or none, while connections go on", async () => {
    assert.equal(await plainly("before"), "before, plain");
    server.secure(await trust.issue([NAME]));
    assert.equal(await secretly("one"), "one, encrypted");
    server.secure(await trust.issue(["other.example.com"]));
    assert.equal(await secretly("two", "other.example.com"), "two, encrypted");
    server.secure(undefined);
    assert.equal(await plainly("after"), "after, plain");
    await assert.rejects(secretly("three"), Error);
  });

  it("ends every connection when it is closed, also one that has not said a word yet", async () => {
    server.secure(await trust.issue([NAME]));
    const silent = connect(port, "127.0.0.1");
    await once(silent, "connect");
    assert.equal(await plainly("hello"), "hello, plain");
    const ended = once(silent, "close");
    await server.close();
    await ended;
    await assert.rejects(plainly("hello"), Error);
  });
});
