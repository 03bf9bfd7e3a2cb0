import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheEngine } from "../../../../sandbox/src/plane/cache/engine.ts";

describe("the engine of caches", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cache-engine-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const program = (name: string, mode = 0o755): string => {
    const file = join(folder, name);
    writeFileSync(file, "", { mode });
    return file;
  };

  it("is the program that SANDBOX_REDIS_BIN names, before those on the PATH", () => {
    program("valkey-server");
    const chosen = program("my-redis");
    assert.deepEqual(cacheEngine({ SANDBOX_REDIS_BIN: chosen, PATH: folder }), {
      kind: "native",
      command: chosen,
      args: [],
      description: `${chosen}, from SANDBOX_REDIS_BIN`,
    });
  });

  it("is valkey-server on the PATH, then redis-server", () => {
    const redis = program("redis-server");
    assert.equal(cacheEngine({ PATH: folder }).command, redis);
    const valkey = program("valkey-server");
    assert.equal(cacheEngine({ PATH: `/nowhere:${folder}` }).command, valkey);
    assert.equal(cacheEngine({ PATH: folder }).description, `${valkey}, on the PATH`);
  });

  it("is js-redis-server where there is no such program, or none that may be run", () => {
    program("valkey-server", 0o644);
    mkdirSync(join(folder, "empty"));
    for (const PATH of [folder, join(folder, "empty"), undefined]) {
      const { description, kind } = cacheEngine({ PATH });
      assert.deepEqual(
        [kind, description],
        ["embedded", "js-redis-server, as there is no valkey-server or redis-server on the PATH"],
      );
    }
  });

  it("is not looked for when SANDBOX_REDIS_BIN names no program", () => {
    assert.throws(() => cacheEngine({ SANDBOX_REDIS_BIN: "/nowhere/redis", PATH: folder }), {
      message: "SANDBOX_REDIS_BIN names /nowhere/redis, which is no program; name a valkey-server or redis-server, or unset it",
    });
  });
});
