import assert from "node:assert/strict";
import { join } from "node:path";
import { World } from "../../../sandbox/src/core/world.ts";
import { AddressBook } from "../../../sandbox/src/plane/address-book.ts";
import { scratch } from "./support.ts";

const DATABASE = "shop.cluster-c1x2y3z4abcd.eu-central-1.rds.amazonaws.com";

describe("AddressBook", () => {
  let folder: ReturnType<typeof scratch>;
  let world: World;
  let book: AddressBook;
  beforeEach(() => {
    folder = scratch();
    world = new World(join(folder.path, "world.db"));
    book = new AddressBook(world);
    book.set(`${DATABASE}:5432`, { host: "127.0.0.1", port: 25_432 });
  });
  afterEach(() => {
    world.close();
    folder.remove();
  });

  it("knows where an endpoint is really served, however its name is written", () => {
    assert.deepEqual(book.resolve(`${DATABASE}:5432`), { host: "127.0.0.1", port: 25_432 });
    assert.deepEqual(book.resolve(`${DATABASE.toUpperCase()}:5432`), { host: "127.0.0.1", port: 25_432 });
    assert.equal(book.resolve(`${DATABASE}:5433`), undefined);
    assert.equal(book.resolve(DATABASE), undefined);
  });

  it("is remembered by the world, in name order, until a name is removed", () => {
    book.set("a.example.com:80", { host: "127.0.0.1", port: 20_080 });
    const local = (port: number): object => ({ host: "127.0.0.1", port });
    assert.deepEqual(new AddressBook(world).entries(), [
      ["a.example.com:80", local(20_080)],
      [`${DATABASE}:5432`, local(25_432)],
    ]);
    book.remove("A.example.com:80");
    book.remove("nobody:1");
    assert.deepEqual(book.entries(), [[`${DATABASE}:5432`, local(25_432)]]);
  });

  it("keeps the doors for people apart, by the resource that each belongs to", () => {
    book.setDoor("eipalloc-2", { url: "http://127.0.0.1:20001", target: "198.51.100.2" });
    book.setDoor("eipalloc-1", { url: "http://127.0.0.1:20000", target: "198.51.100.1" });
    book.setDoor("eipalloc-2", { url: "http://127.0.0.1:20002", target: "198.51.100.2" });
    assert.deepEqual(book.doors(), [
      ["eipalloc-1", { url: "http://127.0.0.1:20000", target: "198.51.100.1" }],
      ["eipalloc-2", { url: "http://127.0.0.1:20002", target: "198.51.100.2" }],
    ]);
    book.removeDoor("eipalloc-2");
    book.removeDoor("eipalloc-3");
    assert.deepEqual(
      book.doors().map(([name]) => name),
      ["eipalloc-1"],
    );
    assert.equal(book.entries().length, 1);
  });
});
