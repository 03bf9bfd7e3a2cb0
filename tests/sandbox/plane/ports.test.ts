import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { World } from "../../../sandbox/src/core/world.ts";
import { Ports } from "../../../sandbox/src/plane/ports.ts";
import { scratch } from "./support.ts";

describe("Ports", () => {
  let folder: ReturnType<typeof scratch>;
  let world: World;
  let servers: Server[];
  beforeEach(() => {
    folder = scratch();
    world = new World(join(folder.path, "world.db"));
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) await new Promise((resolve) => server.close(resolve));
    world.close();
    folder.remove();
  });

  async function occupy(port: number): Promise<void> {
    const server = createServer().listen(port, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
  }

  it("gives each key a free port below those that outgoing connections are given", async () => {
    const ports = new Ports(world);
    const port = await ports.of("database");
    assert.ok(port >= 20_000 && port < 32_768, String(port));
    await occupy(port);
  });

  it("gives the same port for the same key, also while something of ours listens there", async () => {
    const ports = new Ports(world);
    const port = await ports.of("database");
    await occupy(port);
    assert.equal(await ports.of("database"), port);
  });

  it("never gives two keys the same port, also when they ask at once", async () => {
    const ports = new Ports(world);
    const keys = Array.from({ length: 40 }, (_, index) => `key ${String(index)}`);
    const given = await Promise.all(keys.map((key) => ports.of(key)));
    assert.equal(new Set(given).size, keys.length);
  });

  it("remembers a port from one daemon to the next", async () => {
    const port = await new Ports(world).of("console");
    assert.equal(await new Ports(world).of("console"), port);
  });

  it("chooses another, and remembers that, where somebody else has taken the remembered one", async () => {
    const before = await new Ports(world).of("console");
    await occupy(before);
    const after = await new Ports(world).of("console");
    assert.notEqual(after, before);
    assert.equal(await new Ports(world).of("console"), after);
  });

  it("forgets the ports of all keys with one ending", async () => {
    const ports = new Ports(world);
    for (const key of ["app-i-1", "worker-i-1", "app-i-2"]) await ports.of(key);
    ports.forgetAll("-i-1");
    assert.deepEqual(
      world
        .space<number>("ports")
        .entries()
        .map(([key]) => key),
      ["app-i-2"],
    );
  });

  it("forgets a port that is given back; one that nobody asked for is fine", async () => {
    const ports = new Ports(world);
    const port = await ports.of("door");
    ports.forget("door");
    ports.forget("nobody's");
    assert.equal(world.space<number>("ports").get("door"), undefined);
    world.space<number>("ports").set("other", port);
    assert.equal(await ports.of("other"), port);
  });
});
