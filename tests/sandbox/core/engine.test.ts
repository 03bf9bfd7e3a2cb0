import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cloud } from "../../../sandbox/src/core/cloud.ts";
import { CloudError, type ResourceDefinition } from "../../../sandbox/src/core/definition.ts";
import { changesOf } from "../../../sandbox/src/core/difference.ts";
import { type Asked, type CloudCall, CloudEngine, type EngineOptions } from "../../../sandbox/src/core/engine.ts";
import { type Props, UNKNOWN } from "../../../sandbox/src/core/values.ts";
import { World } from "../../../sandbox/src/core/world.ts";

const region = "eu-central-1";
const asked = (type: string, name: string, inputs: Asked["inputs"]): Asked => ({
  urn: `urn:pulumi:sandbox::platform::${type}::${name}`,
  region,
  inputs,
});

describe("the cloud engine", () => {
  let folder: string;
  let world: World;
  let started: string[];
  let made: number;
  let notes: string[];
  let broken: string;
  const shelf: ResourceDefinition = {
    type: "test:index:Shelf",
    replaceOn: ["place"],
    // Only a shelf that is screwed to the wall must be built anew for another number of boards.
    alsoReplaceOn: (before) => (before["place"] === "wall" ? ["boards"] : []),
    autoName: { property: "name", maxLength: 20, lowercase: true },
    limits: {
      boards: (value) => (Number(value) >= 1 && Number(value) <= 9 ? undefined : `boards is ${Number(value)}; allowed: 1 to 9`),
    },
    create: () => ({ id: `shelf-${++made}`, outputs: { height: 200 } }),
    releasedBy: { boards: 1 },
    run: (_cloud, { id }) => {
      if (id === broken) return Promise.reject(new Error("a leg is missing"));
      started.push(id);
      return Promise.resolve(undefined);
    },
  };
  const book: ResourceDefinition = {
    type: "test:index:Book",
    replaceOn: [],
    references: [
      {
        path: "shelfId",
        to: shelf.type,
        missing: (id) => new CloudError("InvalidShelf.NotFound", `The shelf '${id}' does not exist`),
        inUse: (target) => new CloudError("DependencyViolation", `The shelf '${target.id}' has books`),
      },
    ],
    create: () => ({ id: `book-${++made}` }),
  };
  const schemas = {
    [shelf.type]: { inputs: { name: "string", place: "string", boards: "number" }, required: ["boards"], outputs: [] },
  } as const;
  const cloud = (): Cloud =>
    ({
      world,
      note: (message) => {
        notes.push(message);
      },
    }) as Partial<Cloud> as Cloud;
  const engine = (options: EngineOptions = {}): CloudEngine => new CloudEngine(cloud(), [shelf, book], schemas, options);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "platform-engine-"));
    world = new World(join(folder, "world.db"));
    started = [];
    made = 0;
    notes = [];
    broken = "";
  });
  afterEach(() => {
    world.close();
    rmSync(folder, { recursive: true });
  });

  describe("check", () => {
    const faults = (inputs: Asked["inputs"]): string[] =>
      engine()
        .check(asked(shelf.type, "Main", inputs))
        .faults.map(({ reason }) => reason);

    it("accepts inputs that fit, and gives a name that the service allows", () => {
      const { inputs, faults: found } = engine().check(asked(shelf.type, "MyVeryLongShelfName", { boards: 3 }));
      assert.deepEqual(found, []);
      assert.match(inputs["name"] as string, /^myverylongsh-[0-9a-f]{7}$/);
    });

    it("keeps the automatic name of a resource that stands, and gives another to its replacement", () => {
      const ask = asked(shelf.type, "main", { boards: 3 });
      assert.equal(engine().check(ask, { name: "main-0000000" }).inputs["name"], "main-0000000");
      const first = engine().check({ ...ask, seed: "a" }).inputs["name"];
      assert.notEqual(engine().check({ ...ask, seed: "b" }).inputs["name"], first);
    });

    it("names every fault at once: the missing, the unknown with the nearest, and the wrong kind", () => {
      assert.deepEqual(faults({ plaec: "hall", place: 3 }), [
        '"boards" is required and was not given',
        '"plaec" is not an input of this type; did you mean "place"?',
        '"place" must be a string, not a number',
      ]);
    });

    it("applies limits to what is known, and waits with what a preview cannot know", () => {
      assert.deepEqual(faults({ boards: 10 }), ["boards is 10; allowed: 1 to 9"]);
      assert.deepEqual(faults({ boards: UNKNOWN }), []);
    });

    it("refuses a type that it does not serve, by name", () => {
      const { faults: found } = engine().check(asked("test:index:Shelv", "a", {}));
      assert.deepEqual(found, [
        { property: "", reason: "the sandbox does not serve test:index:Shelv. The nearest that it serves is test:index:Shelf." },
      ]);
    });
  });

  describe("diff", () => {
    it("tells replacing from updating changes, and treats the unknown as changed", () => {
      const changes = (now: Asked["inputs"]): string[] =>
        engine()
          .diff(shelf.type, { place: "hall", boards: 3 }, now)
          .changes.map(({ path, kind, replace }) => `${kind} ${path}${replace ? " (replace)" : ""}`);
      assert.deepEqual(changes({ place: "hall", boards: 3 }), []);
      assert.deepEqual(changes({ place: "attic", boards: 4 }), ["update place (replace)", "update boards"]);
      assert.deepEqual(changes({ place: UNKNOWN }), ["update place (replace)", "delete boards"]);
    });

    it("looks into an object that comes or goes as a whole", () => {
      const changes = (before: Asked["inputs"], now: Asked["inputs"]): boolean[] =>
        changesOf({ replaceOn: ["lock.key"] }, before, now).map(({ replace }) => replace);
      assert.deepEqual(changes({}, { lock: { colour: "red" } }), [false]);
      assert.deepEqual(changes({}, { lock: { colour: "red", key: "brass" } }), [true]);
      assert.deepEqual(changes({ lock: { key: "brass" } }, {}), [true]);
      assert.deepEqual(changes({}, { lock: UNKNOWN }), [true]);
      assert.deepEqual(changesOf({ replaceOn: [] }, {}, { lock: { colour: "red" } }), [
        { path: "lock", kind: "add", replace: false },
      ]);
    });

    it("knows inputs that replace only beside others", () => {
      const { changes } = engine().diff(shelf.type, { place: "wall", boards: 3 }, { place: "wall", boards: 4 });
      assert.deepEqual(changes, [{ path: "boards", kind: "update", replace: true }]);
    });
  });

  describe("create, update, delete", () => {
    it("hands out again what a cut-off run made and the engine never learnt of", async () => {
      const first = await engine().create(asked(shelf.type, "main", { boards: 3 }));
      const again = await engine().create(asked(shelf.type, "main", { boards: 3 }));
      assert.equal(again.id, first.id);
      assert.equal(world.all().length, 1);
    });

    it("makes another for the same URN once the engine has shown that it knows the first: a replacement", async () => {
      const first = await engine().create(asked(shelf.type, "main", { boards: 3 }));
      await engine().read(shelf.type, first.id, region);
      const second = await engine().create(asked(shelf.type, "main", { boards: 3 }));
      assert.notEqual(second.id, first.id);
    });

    it("removes what a cut-off run made with other inputs before it makes the resource anew", async () => {
      await engine().create(asked(shelf.type, "main", { boards: 3 }));
      const second = await engine().create(asked(shelf.type, "main", { boards: 4 }));
      assert.deepEqual(
        world.all().map(({ id }) => id),
        [second.id],
      );
    });

    it("merges computed outputs, drops inputs that are no longer given, and keeps the id", async () => {
      const { id } = await engine().create(asked(shelf.type, "main", { boards: 3, place: "hall" }));
      const updated = await engine().update(asked(shelf.type, "main", { boards: 4 }), id);
      assert.equal(updated.id, id);
      assert.deepEqual(updated.outputs, { height: 200, boards: 4 });
    });

    it("refuses a reference to nothing before anything is made", async () => {
      const error = { code: "InvalidShelf.NotFound", message: "The shelf 'shelf-9' does not exist" };
      await assert.rejects(engine().create(asked(book.type, "atlas", { shelfId: "shelf-9" })), error);
      assert.deepEqual(world.all(), []);
    });

    it("refuses to delete what another still holds, and deletes it once it is free", async () => {
      const { id: shelfId } = await engine().create(asked(shelf.type, "main", { boards: 3 }));
      const { id: bookId } = await engine().create(asked(book.type, "atlas", { shelfId }));
      const error = { code: "DependencyViolation", message: `The shelf '${shelfId}' has books` };
      await assert.rejects(engine().delete(shelf.type, shelfId, region), error);
      await engine().delete(book.type, bookId, region);
      await engine().delete(shelf.type, shelfId, region);
      assert.deepEqual(world.all(), []);
    });

    it("takes a deletion of what is gone as done", async () => {
      await engine().delete(shelf.type, "shelf-9", region);
      assert.equal(await engine().read(shelf.type, "shelf-9", region), undefined);
    });
  });

  describe("resume", () => {
    it("starts again what ran, and ends what was being deleted, after the daemon died", async () => {
      const kept = await engine().create(asked(shelf.type, "kept", { boards: 3 }));
      const going = await engine().create(asked(shelf.type, "going", { boards: 3 }));
      world.put({ ...going, phase: "deleting" });
      started = [];
      await engine().resume();
      assert.deepEqual(started, [kept.id]);
      assert.equal(world.all().length, 1);
    });

    it("notes what cannot be started again, and starts the rest", async () => {
      const [bad, good] = [
        await engine().create(asked(shelf.type, "bad", { boards: 3 })),
        await engine().create(asked(shelf.type, "good", { boards: 3 })),
      ];
      [started, broken] = [[], bad.id];
      await engine().resume();
      assert.deepEqual(started, [good.id]);
      assert.deepEqual(notes, [`${shelf.type} ${bad.id} could not be started again: a leg is missing`]);
    });
  });

  describe("functions, faults on request, release", () => {
    it("answers the functions that it serves, and names the nearest to one that it does not", () => {
      const functions = [{ token: "test:index:getShelf", call: (_cloud: Cloud, args: Props) => ({ found: args["place"] }) }];
      assert.deepEqual(engine({ functions }).invoke("test:index:getShelf", { place: "hall" }, region), { found: "hall" });
      assert.throws(() => engine({ functions }).invoke("test:index:getShelve", {}, region), {
        code: "UnsupportedFunction",
        message: "the sandbox does not serve test:index:getShelve. The nearest that it serves is test:index:getShelf.",
      });
    });

    it("asks before every call what is in its way, and leaves nothing behind when the answer is an error", async () => {
      const calls: CloudCall[] = [];
      const before = (call: CloudCall): Promise<void> => {
        calls.push(call);
        return Promise.reject(new CloudError("ServiceUnavailable", "not now"));
      };
      const disturbed = engine({ before });
      const ask = asked(shelf.type, "main", { boards: 3 });
      for (const attempt of [
        disturbed.create(ask),
        disturbed.read(shelf.type, "shelf-1", region),
        disturbed.update(ask, "shelf-1"),
        disturbed.delete(shelf.type, "shelf-1", region),
      ])
        await assert.rejects(attempt, { code: "ServiceUnavailable" });
      assert.deepEqual(
        calls,
        (["create", "read", "update", "delete"] as const).map((action) => ({ action, type: shelf.type })),
      );
      assert.deepEqual(world.all(), []);
    });

    it("lifts what protects resources from deletion, and says of how many", async () => {
      const { id: shelfId } = await engine().create(asked(shelf.type, "main", { boards: 3 }));
      await engine().create(asked(book.type, "atlas", { shelfId }));
      assert.equal(engine().release(), 1);
      assert.equal(world.get(shelf.type, shelfId)?.inputs["boards"], 1);
    });
  });
});
