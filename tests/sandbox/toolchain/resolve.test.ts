import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { LANGUAGE_HOST_DIRECTORY, resolvePulumi } from "../../../sandbox/src/toolchain/resolve.ts";
import type { CliSource } from "../../../sandbox/src/toolchain/sources.ts";
import { UserError } from "../../../sandbox/src/toolchain/user-error.ts";
import { PULUMI_VERSION } from "../../../sandbox/src/toolchain/versions.ts";

describe("finding the Pulumi CLI", () => {
  let place: string;
  let env: NodeJS.ProcessEnv;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), "resolve-"));
    env = { PATH: join(place, "bin"), XDG_CACHE_HOME: join(place, "cache") };
  });
  afterEach(() => {
    rmSync(place, { recursive: true, force: true });
  });

  const executable = (...path: string[]): string => {
    const file = join(place, ...path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "");
    chmodSync(file, 0o755);
    return file;
  };
  const works = (name: string, log: string[] = []): CliSource => ({
    name,
    fetch(directory) {
      log.push(name);
      writeFileSync(join(directory, "pulumi"), name);
      return Promise.resolve();
    },
  });
  const fails = (name: string, reason: string, log: string[] = []): CliSource => ({
    name,
    fetch(directory) {
      log.push(name);
      writeFileSync(join(directory, "left-over"), "");
      return Promise.reject(new Error(reason));
    },
  });
  const current = (): Promise<string> => Promise.resolve(`v${PULUMI_VERSION}\n`);

  it("takes the one that PULUMI_CLI names before any other", async () => {
    executable("bin", "pulumi");
    const mine = executable("mine", "pulumi");
    const found = await resolvePulumi({ env: { ...env, PULUMI_CLI: mine }, sources: [], versionOf: current });
    assert.equal(found.path, mine);
  });

  it("does not look further when PULUMI_CLI names nothing that runs", async () => {
    executable("bin", "pulumi");
    await assert.rejects(
      resolvePulumi({ env: { ...env, PULUMI_CLI: "/nowhere/pulumi" }, sources: [works("npm")], versionOf: current }),
      (error: unknown) => error instanceof UserError && error.message.includes("given: /nowhere/pulumi"),
    );
  });

  it("takes the one on the PATH before the cache and without fetching", async () => {
    const installed = executable("bin", "pulumi");
    const log: string[] = [];
    const found = await resolvePulumi({ env, sources: [works("npm", log)], versionOf: current });
    assert.equal(found.path, installed);
    assert.deepEqual(log, []);
  });

  it("passes over one on the PATH that is too old", async () => {
    executable("bin", "pulumi");
    const versionOf = (file: string): Promise<string> =>
      Promise.resolve(file.startsWith(env["PATH"] ?? "") ? "v3.10.0" : `v${PULUMI_VERSION}`);
    const found = await resolvePulumi({ env, sources: [works("npm")], versionOf });
    assert.match(found.path, /cache\/platform-sandbox/);
  });

  it("tries the sources in order, stops at the first that works, and next time takes the cache", async () => {
    const log: string[] = [];
    const sources = [fails("npm", "no network", log), works("go", log), works("never", log)];
    const first = await resolvePulumi({ env, sources, versionOf: current });
    const second = await resolvePulumi({ env, sources, versionOf: current });
    assert.deepEqual(log, ["npm", "go"]);
    assert.equal(second.path, first.path);
  });

  it("does not keep a CLI of another version than the one asked for", async () => {
    const other = (): Promise<string> => Promise.resolve("v3.258.0");
    await assert.rejects(resolvePulumi({ env, sources: [works("npm")], versionOf: other }), /npm: it brought version 3\.258\.0/);
    await assert.doesNotReject(resolvePulumi({ env, sources: [works("npm")], versionOf: current }));
  });

  it("names everything it tried, and why each failed, when nothing works", async () => {
    executable("bin", "pulumi");
    const versionOf = (): Promise<string> => Promise.resolve("v2.0.0");
    const sources = [fails("npm package", "fetch failed"), fails("build with Go", "there is no `go` on the PATH")];
    await assert.rejects(resolvePulumi({ env, sources, versionOf }), (error: unknown) => {
      assert.ok(error instanceof UserError);
      for (const part of [
        'PATH: .*it says it is version "v2.0.0"; 3.200.0 or newer',
        "cache: .* holds no whole CLI",
        "npm package: fetch failed",
        "build with Go: there is no `go` on the PATH",
        "https://www.pulumi.com/docs/install/",
      ]) {
        assert.match(error.message, new RegExp(part));
      }
      return true;
    });
  });

  it("brings our language host only where there is no other", async () => {
    const bare = executable("bin", "pulumi");
    assert.deepEqual((await resolvePulumi({ env, versionOf: current })).pathPrefix, [LANGUAGE_HOST_DIRECTORY]);
    executable("elsewhere", "pulumi-language-nodejs");
    const wider = { ...env, PATH: `${env["PATH"] ?? ""}:${join(place, "elsewhere")}` };
    assert.deepEqual((await resolvePulumi({ env: wider, versionOf: current })).pathPrefix, []);
    rmSync(bare);
    // Package managers link the executable; the language host stands beside what the link leads to.
    symlinkSync(executable("cellar", "pulumi"), bare);
    executable("cellar", "pulumi-language-nodejs");
    assert.deepEqual((await resolvePulumi({ env, versionOf: current })).pathPrefix, []);
  });
});
