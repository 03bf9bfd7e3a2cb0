import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CliCache, cacheRoot } from "../../../sandbox/src/toolchain/cache.ts";

describe("the cache of the Pulumi CLI", () => {
  let root: string;
  beforeEach(async () => (root = await mkdtemp(join(tmpdir(), "cli-cache-"))));
  afterEach(async () => rm(root, { recursive: true, force: true }));

  const filling = (text: string, calls: string[] = []) => {
    return async (directory: string): Promise<string> => {
      calls.push(directory);
      await writeFile(join(directory, "pulumi"), text);
      return "a test";
    };
  };

  it("lies outside the checkout, under XDG_CACHE_HOME where that is set", () => {
    assert.equal(cacheRoot({ XDG_CACHE_HOME: "/var/tmp/cache" }), "/var/tmp/cache/platform-sandbox/pulumi");
    assert.match(cacheRoot({ XDG_CACHE_HOME: "" }), /\/\.cache\/platform-sandbox\/pulumi$/);
  });

  it("makes an entry once and finds it ever after", async () => {
    const calls: string[] = [];
    const cache = new CliCache(root, "1.2.3");
    assert.equal(await cache.find(), undefined);
    const file = await cache.findOrFill(filling("cli", calls));
    assert.equal(await cache.findOrFill(filling("other", calls)), file);
    assert.equal(await readFile(file, "utf8"), "cli");
    assert.equal(calls.length, 1);
  });

  it("makes it once when three runs come at the same moment, and all get it", async () => {
    const calls: string[] = [];
    let open: () => void = () => undefined;
    const gate = new Promise<void>((done) => (open = done));
    let waited = 0;
    const slow = async (directory: string): Promise<string> => {
      await gate;
      return filling("cli", calls)(directory);
    };
    const wait = (): void => {
      if (++waited === 2) open();
    };
    // Whichever of them comes first makes it; the other two wait.
    const runs = [1, 2, 3].map(() => new CliCache(root, "1.2.3").findOrFill(slow, wait));
    assert.equal(new Set(await Promise.all(runs)).size, 1);
    assert.equal(calls.length, 1);
    assert.equal(waited, 2);
  });

  it("keeps each version apart", async () => {
    const old = await new CliCache(root, "1.0.0").findOrFill(filling("old"));
    const fresh = await new CliCache(root, "2.0.0").findOrFill(filling("new"));
    assert.deepEqual([await readFile(old, "utf8"), await readFile(fresh, "utf8")], ["old", "new"]);
  });

  it("does not take an entry whose file was cut off, and makes it again", async () => {
    const cache = new CliCache(root, "1.2.3");
    const file = await cache.findOrFill(filling("whole cli"));
    await truncate(file, 4);
    assert.equal(await cache.find(), undefined);
    assert.equal(await readFile(await cache.findOrFill(filling("whole cli")), "utf8"), "whole cli");
  });

  it("does not take an entry without the mark that it is whole", async () => {
    const cache = new CliCache(root, "1.2.3");
    await mkdir(cache.directory);
    await writeFile(join(cache.directory, "pulumi"), "half");
    assert.equal(await cache.find(), undefined);
  });

  it("does not take an entry that was made for another version", async () => {
    const cache = new CliCache(root, "1.2.3");
    await cache.findOrFill(filling("cli"));
    await writeFile(join(cache.directory, "complete.json"), '{"version":"1.2.2","size":3,"source":"a test"}');
    assert.equal(await cache.find(), undefined);
  });

  it("leaves nothing behind when making it fails, and sweeps what a killed run left", async () => {
    await mkdir(join(root, ".making-1.2.3-abc"), { recursive: true });
    const cache = new CliCache(root, "1.2.3");
    await assert.rejects(
      cache.findOrFill(async (directory) => {
        await writeFile(join(directory, "pulumi"), "half");
        throw new Error("the download broke off");
      }),
      /broke off/,
    );
    assert.deepEqual(await readdir(root), []);
  });
});
