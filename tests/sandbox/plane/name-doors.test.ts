import assert from "node:assert/strict";
import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type RequestListener,
  type Server,
} from "node:http";
import type { AddressInfo } from "node:net";
import { closeDoors, doors, openDoor } from "../../../sandbox/src/plane/doors.ts";
import {
  type Answer,
  answerName,
  claimName,
  forgetName,
  hasDoor,
  knownNames,
  locateName,
  unclaimNames,
} from "../../../sandbox/src/plane/name-doors.ts";
import { testCloud, type TestCloud } from "../support/cloud.ts";

const NAME = "shop.example.com";
const [OLD, NEW] = ["203.0.113.1", "203.0.113.2"];

describe("the door of a name", () => {
  let cloud: TestCloud;
  let programs: Server[];
  beforeEach(() => {
    cloud = testCloud();
    programs = [];
  });
  afterEach(async () => {
    await closeDoors(cloud);
    await cloud.end();
    for (const server of programs) await new Promise((resolve) => server.close(resolve));
  });

  /** Lets a program stand at an address of the cloud. */
  async function stands(address: string, program: RequestListener): Promise<number> {
    const server = createServer(program).listen(0, "127.0.0.1");
    programs.push(server);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    cloud.addresses.set(`${address}:443`, { host: "127.0.0.1", port });
    return port;
  }

  const says =
    (words: string): RequestListener =>
    (_asked, response) =>
      void response.end(words);
  const answer = (address: string, ttlSeconds = 60): Answer => ({ places: [{ address, weight: 1 }], ttlSeconds });
  const url = (): string => doors(cloud).find(({ name }) => name === NAME)?.url ?? "";

  async function ask(at = url(), init: RequestInit = {}): Promise<string> {
    return (await fetch(at, { headers: { connection: "close" }, redirect: "manual", ...init })).text();
  }

  it("leads to the place that the name answers, and is the one for people before those of addresses", async () => {
    await stands(OLD, says("old"));
    await openDoor(cloud, "eipalloc-1", { target: OLD }, "Nothing.");
    await answerName(cloud, `origin.${NAME}`, answer(OLD));
    await answerName(cloud, NAME, answer(OLD));
    assert.equal(await ask(), "old");
    assert.deepEqual(
      doors(cloud).map(({ target }) => target),
      [NAME, `origin.${NAME}`, OLD],
    );
  });

  it("is where programs of the sandbox find the name", async () => {
    assert.equal(hasDoor(cloud, NAME), false);
    const port = await stands(OLD, says("old"));
    await answerName(cloud, NAME, answer(OLD));
    assert.equal(hasDoor(cloud, NAME), true);
    for (const each of [80, 443])
      assert.equal(`http://127.0.0.1:${cloud.addresses.resolve(`${NAME}:${each}`)?.port ?? 0}`, url());
    assert.deepEqual(locateName(cloud, NAME), { port, what: OLD, proxied: false });
  });

  it("keeps the answer of before until that may be remembered no longer, and its port all the while", async () => {
    await stands(OLD, says("old"));
    await stands(NEW, says("new"));
    await answerName(cloud, NAME, answer(OLD, 60));
    const before = url();
    await answerName(cloud, NAME, answer(NEW, 300));
    cloud.pass(59_999);
    assert.equal(await ask(before), "old");
    cloud.pass(1);
    assert.equal(await ask(before), "new");
    assert.equal(url(), before);
  });

  it("asks again once, however often the name has changed meanwhile", async () => {
    await stands(OLD, says("old"));
    await stands(NEW, says("new"));
    await answerName(cloud, NAME, answer(OLD, 60));
    await answerName(cloud, NAME, answer("203.0.113.9", 300));
    cloud.pass(30_000);
    await answerName(cloud, NAME, answer(NEW, 300));
    assert.equal(await ask(), "old");
    cloud.pass(30_000);
    assert.equal(await ask(), "new");
  });

  it("remembers for no longer than the cloud is told", async () => {
    const hasty: TestCloud = { ...cloud, maxTtlSeconds: 5 };
    await stands(OLD, says("old"));
    await stands(NEW, says("new"));
    await answerName(hasty, NAME, answer(OLD, 86_400));
    await answerName(hasty, NAME, answer(NEW));
    assert.equal(await (await fetch(url())).text(), "old");
    cloud.pass(5000);
    assert.equal(await (await fetch(url())).text(), "new");
    await closeDoors(hasty);
  });

  it("follows at once when the same address leads elsewhere, for no name server is asked about that", async () => {
    await stands(OLD, says("one"));
    await answerName(cloud, NAME, answer(OLD));
    assert.equal(await ask(), "one");
    await stands(OLD, says("two"));
    assert.equal(await ask(), "two");
  });

  it("goes straight on to where the door of an address leads", async () => {
    const port = await stands("203.0.113.8", says("server"));
    const door = await openDoor(cloud, "eipalloc-1", { target: OLD }, { port, what: "the server", log: "app" });
    cloud.addresses.set(`${OLD}:443`, { host: "127.0.0.1", port: Number(new URL(door).port) });
    await answerName(cloud, NAME, answer(OLD));
    assert.deepEqual(locateName(cloud, NAME), { port, what: "the server", log: "app" });
    assert.equal(await ask(), "server");
  });

  it("shares requests out by weight, as clients that each ask for themselves", async () => {
    await stands(OLD, says("old"));
    await stands(NEW, says("new"));
    const places = [
      { address: OLD, weight: 3 },
      { address: NEW, weight: 1 },
      { address: "203.0.113.3", weight: 0 },
    ];
    await answerName(cloud, NAME, { places, ttlSeconds: 60 });
    const all: string[] = [];
    for (let time = 0; time < 8; time++) all.push(await ask());
    assert.deepEqual([all.filter((words) => words === "old").length, all.filter((words) => words === "new").length], [6, 2]);
  });

  it("says where the name leads when nothing answers there", async () => {
    await answerName(cloud, NAME, answer(OLD));
    assert.equal(await ask(), `The name ${NAME} leads to ${OLD}, where nothing answers.\n`);
  });

  describe("asks as a client of the name", () => {
    let seen: IncomingHttpHeaders;
    beforeEach(async () => {
      await stands(OLD, ({ headers, url: path = "" }, response) => {
        seen = headers;
        if (path === "/") response.end();
        else response.writeHead(302, { location: decodeURIComponent(path.slice(1)) }).end();
      });
      await answerName(cloud, NAME, answer(OLD));
    });

    it("for the name, not for this machine, and adds nothing", async () => {
      await ask(url(), { headers: { "x-forwarded-for": "192.0.2.7" } });
      assert.deepEqual([seen.host, seen["x-forwarded-for"], seen["x-forwarded-proto"]], [NAME, "192.0.2.7", undefined]);
    });

    it("for another name, where it is asked for that", async () => {
      const { hostname, port } = new URL(url());
      const [response] = (await once(
        request({ hostname, port, headers: { host: "origin.example.com", connection: "close" } }).end(),
        "response",
      )) as [IncomingMessage];
      response.resume();
      assert.equal(seen.host, "origin.example.com");
    });

    for (const [location, expected] of [
      [`https://${NAME}:443/cart?item=1`, "/cart?item=1"],
      [`http://${NAME}`, ""],
      ["/cart", undefined],
      [`https://other.${NAME}/`, undefined],
    ] as const) {
      it(`is led ${expected === undefined ? "where" : "back to itself where"} it is sent to ${location}`, async () => {
        const response = await fetch(`${url()}/${encodeURIComponent(location)}`, { redirect: "manual" });
        assert.equal(response.headers.get("location"), expected === undefined ? location : `${url()}${expected}`);
      });
    }
  });

  describe("when the name answers nothing any more", () => {
    let before: string;
    beforeEach(async () => {
      await stands(OLD, says("old"));
      await stands(NEW, says("new"));
      await answerName(cloud, NAME, answer(OLD, 60));
      before = url();
      await answerName(cloud, NAME, undefined);
    });

    it("is shown to nobody, and still leads who remembers it", async () => {
      assert.deepEqual([doors(cloud), hasDoor(cloud, NAME)], [[], false]);
      assert.equal(await ask(before), "old");
      cloud.pass(60_000);
      assert.equal(await ask(before), `The name ${NAME} leads nowhere.\n`);
    });

    it("comes back on its port with the next answer, which is heard when the old one is forgotten", async () => {
      await answerName(cloud, NAME, answer(NEW));
      assert.equal(url(), before);
      assert.equal(await ask(), "old");
      cloud.pass(60_000);
      assert.equal(await ask(), "new");
    });

    it("gives its port back when the name is forgotten", async () => {
      await forgetName(cloud, NAME);
      await assert.rejects(ask(before), TypeError);
      assert.deepEqual([knownNames(cloud), cloud.world.space("ports").entries()], [[], []]);
    });
  });

  it("leads to who claims the name as long as no record does", async () => {
    await stands(OLD, says("claimed"));
    await stands(NEW, says("recorded"));
    await claimName(cloud, NAME, OLD);
    assert.equal(await ask(), "claimed");
    await answerName(cloud, NAME, answer(NEW));
    assert.equal(await ask(), "recorded");
    await unclaimNames(cloud, OLD);
    assert.equal(await ask(), "recorded");
    await answerName(cloud, NAME, undefined);
    assert.deepEqual(doors(cloud), []);
  });

  it("is open again on its port after a start of the daemon, and still remembers", async () => {
    await stands(OLD, says("old"));
    await stands(NEW, says("new"));
    await answerName(cloud, NAME, answer(OLD, 60));
    await answerName(cloud, NAME, answer(NEW));
    const before = url();
    await closeDoors(cloud);
    cloud.world.close();
    const clock = cloud.now;
    cloud = testCloud({ home: cloud.home, now: clock, pass: cloud.pass });
    await answerName(cloud, NAME, answer(NEW));
    assert.equal(url(), before);
    assert.equal(await ask(), "old");
    cloud.pass(60_000);
    assert.equal(await ask(), "new");
  });
});
