import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { DoorTarget } from "../../../sandbox/src/plane/door.ts";
import { closeDoor, closeDoors, doorPort, doors, forgetDoor, openDoor } from "../../../sandbox/src/plane/doors.ts";
import { testCloud, type TestCloud } from "../support/cloud.ts";

describe("the doors of a cloud", () => {
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

  async function program(answer: string): Promise<DoorTarget> {
    const server = createServer((_asked, response) => response.end(answer)).listen(0, "127.0.0.1");
    programs.push(server);
    await once(server, "listening");
    return { port: (server.address() as AddressInfo).port, what: answer, log: answer };
  }

  const ask = async (url: string): Promise<string> => (await fetch(url, { headers: { connection: "close" } })).text();

  it("stand open on a remembered port, and lead elsewhere without another", async () => {
    const url = await openDoor(cloud, "eipalloc-1", { target: "198.51.100.1" }, "There is no server yet.");
    assert.equal(url, `http://127.0.0.1:${String(await doorPort(cloud, "eipalloc-1"))}`);
    assert.equal(await ask(url), "There is no server yet.\n");
    assert.equal(await openDoor(cloud, "eipalloc-1", { target: "198.51.100.1" }, await program("the shop")), url);
    assert.equal(await ask(url), "the shop");
  });

  it("are listed in name order, with the public addresses that they stand for", async () => {
    const second = await openDoor(cloud, "eipalloc-2", { target: "198.51.100.2" }, "Nothing.");
    const first = await openDoor(cloud, "eipalloc-1", { target: "198.51.100.1" }, "Nothing.");
    assert.deepEqual(doors(cloud), [
      { name: "eipalloc-1", url: first, target: "198.51.100.1" },
      { name: "eipalloc-2", url: second, target: "198.51.100.2" },
    ]);
  });

  it("are opened once when they are asked for at once", async () => {
    const targets = await Promise.all(["one", "two", "three"].map((answer) => program(answer)));
    const urls = await Promise.all(targets.map((target) => openDoor(cloud, "eipalloc-1", { target: "198.51.100.1" }, target)));
    assert.equal(new Set(urls).size, 1);
    assert.equal(await ask(urls[0] ?? ""), "three");
  });

  it("open again on the same port when they were closed, and on any once that was given back", async () => {
    const url = await openDoor(cloud, "eipalloc-1", { target: "198.51.100.1" }, "Nothing.");
    await closeDoor(cloud, "eipalloc-1");
    assert.deepEqual(doors(cloud), []);
    await assert.rejects(ask(url), TypeError);
    assert.equal(await openDoor(cloud, "eipalloc-1", { target: "198.51.100.1" }, "Nothing."), url);
    await closeDoor(cloud, "eipalloc-1");
    forgetDoor(cloud, "eipalloc-1");
    assert.deepEqual(cloud.world.space("ports").entries(), []);
    await closeDoor(cloud, "eipalloc-1");
  });

  it("are all closed at the daemon's end, and remembered for the next one", async () => {
    const url = await openDoor(cloud, "eipalloc-1", { target: "198.51.100.1" }, "Nothing.");
    await closeDoors(cloud);
    await assert.rejects(ask(url), TypeError);
    assert.deepEqual(
      doors(cloud).map(({ name }) => name),
      ["eipalloc-1"],
    );
    assert.equal(await openDoor(cloud, "eipalloc-1", { target: "198.51.100.1" }, "Nothing."), url);
  });

  it("can be tried again when somebody else has taken the port in that moment", async () => {
    const port = await doorPort(cloud, "eipalloc-1");
    const thief = createServer().listen(port, "127.0.0.1");
    await once(thief, "listening");
    await assert.rejects(openDoor(cloud, "eipalloc-1", { target: "198.51.100.1" }, "Nothing."), { code: "EADDRINUSE" });
    assert.deepEqual(doors(cloud), []);
    await new Promise((resolve) => thief.close(resolve));
    assert.equal(await ask(await openDoor(cloud, "eipalloc-1", { target: "198.51.100.1" }, "Nothing.")), "Nothing.\n");
  });
});
