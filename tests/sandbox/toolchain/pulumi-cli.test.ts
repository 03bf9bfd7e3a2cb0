import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildWithGo, installBuilt } from "../../../sandbox/src/toolchain/build-cli.ts";
import type { Build } from "../../../sandbox/src/toolchain/build-cli.ts";
import {
  defaultSteps,
  ensurePulumiCli,
  environmentFor,
  LANGUAGE_HOST_FOLDER,
  PULUMI_VERSION,
} from "../../../sandbox/src/toolchain/pulumi-cli.ts";

describe("the Pulumi CLI", () => {
  let home: string;
  let lines: string[];
  const progress = (line: string): void => {
    lines.push(line);
  };

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "pulumi-cli-"));
    lines = [];
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  const cached = (): string => join(home, ".cache", "platform-sandbox", "pulumi", PULUMI_VERSION, "pulumi");
  const noBuild: Build = () => Promise.reject(new Error("no build was expected"));
  const goodBuild: Build = async ({ output }) => {
    await writeFile(output, "whole");
  };
  const ensure = (env: NodeJS.ProcessEnv = {}, build = noBuild): Promise<string> =>
    ensurePulumiCli({ env: { HOME: home, ...env }, progress, steps: defaultSteps(build) });

  function executable(path: string, mode = 0o755): string {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "#!/bin/sh\n", { mode });
    return path;
  }

  it("is the one that PULUMI_CLI names, before any other", async () => {
    const named = executable(join(home, "named", "my-pulumi"));
    const onPath = executable(join(home, "bin", "pulumi"));
    executable(cached());
    assert.equal(await ensure({ PULUMI_CLI: named, PATH: dirname(onPath) }), named);
  });

  it("is never another one than PULUMI_CLI names", async () => {
    const onPath = executable(join(home, "bin", "pulumi"));
    const missing = join(home, "missing");
    await assert.rejects(ensure({ PULUMI_CLI: missing, PATH: dirname(onPath) }), /PULUMI_CLI is ".*missing".*no such file/);
    await assert.rejects(ensure({ PULUMI_CLI: "bin/pulumi", PATH: dirname(onPath) }), /not an absolute path/);
  });

  it("is the one on the PATH, before the cache", async () => {
    const onPath = executable(join(home, "bin", "pulumi"));
    executable(cached());
    assert.equal(await ensure({ PATH: `${join(home, "empty")}:relative:${dirname(onPath)}` }), onPath);
  });

  it("is the one in the cache, before a build", async () => {
    executable(cached());
    assert.equal(await ensure(), cached());
    assert.deepEqual(lines, []);
  });

  it("is looked for in XDG_CACHE_HOME where that is an absolute path, and in the given cache before that", async () => {
    const xdg = executable(join(home, "xdg", "platform-sandbox", "pulumi", PULUMI_VERSION, "pulumi"));
    assert.equal(await ensure({ XDG_CACHE_HOME: join(home, "xdg") }), xdg);
    executable(cached());
    assert.equal(await ensure({ XDG_CACHE_HOME: "xdg" }), cached());
    const env = { HOME: home, XDG_CACHE_HOME: join(home, "xdg") };
    assert.equal(await ensurePulumiCli({ cacheRoot: join(home, ".cache"), env, progress }), cached());
  });

  it("is built where there is none, and taken from the cache afterwards", async () => {
    assert.equal(await ensure({}, goodBuild), cached());
    assert.equal(readFileSync(cached(), "utf8"), "whole");
    assert.match(lines.join("\n"), /Building Pulumi v3\.259\.0 with Go, once for this machine/);
    assert.equal(await ensure({}, noBuild), cached());
    assert.deepEqual(readdirSync(dirname(cached())), ["pulumi"]);
  });

  it("is built once when two want it at the same time", async () => {
    let builds = 0;
    const first = gate();
    const build: Build = async (request) => {
      builds += 1;
      await first.opened;
      await goodBuild(request);
    };
    const both = Promise.all([ensure({}, build), ensure({}, build)]);
    first.open();
    assert.deepEqual(await both, [cached(), cached()]);
    assert.equal(builds, 1);
  });

  it("is never a file that a build left half finished", async () => {
    const breaks: Build = ({ output }) => {
      writeFileSync(output, "ha", { mode: 0o755 });
      return Promise.reject(new Error("the disk is full"));
    };
    await assert.rejects(ensure({}, breaks), /the disk is full/);
    assert.equal(existsSync(cached()), false);
    assert.deepEqual(readdirSync(dirname(cached())), []);
    assert.equal(await ensure({}, goodBuild), cached());
  });

  it("is not what a killed build left, and a later build clears that away", async () => {
    const left = executable(join(dirname(cached()), "build-killed", "pulumi"));
    utimesSync(dirname(left), 0, 0);
    assert.equal(await ensure({}, goodBuild), cached());
    assert.deepEqual(readdirSync(dirname(cached())), ["pulumi"]);
  });

  it("is not an empty file, nor one that may not be executed", async () => {
    const onPath = executable(join(home, "bin", "pulumi"));
    writeFileSync(onPath, "");
    mkdirSync(join(home, "other", "pulumi"), { recursive: true });
    executable(join(home, "third", "pulumi"), 0o644);
    executable(cached());
    assert.equal(await ensure({ PATH: ["bin", "other", "third"].map((name) => join(home, name)).join(":") }), cached());
  });

  it("names everything that was tried when there is none", async () => {
    const env = { HOME: home, PATH: join(home, "empty") };
    await assert.rejects(ensurePulumiCli({ env, progress }), (error: Error) => {
      assert.match(error.message, /- PULUMI_CLI: the variable is not set/);
      assert.match(error.message, /- pulumi on the PATH: no folder of the PATH has it/);
      assert.match(error.message, /- the cache: .*v3\.259\.0\/pulumi: there is no such file/);
      assert.match(error.message, /- a build of Pulumi v3\.259\.0 with Go: there is no go on the PATH/);
      assert.match(error.message, /Install Pulumi .* or Go .* or set PULUMI_CLI/);
      return true;
    });
  });

  it("says how Go failed, in Go's own words", async () => {
    const go = executable(join(home, "bin", "go"));
    writeFileSync(go, "#!/bin/sh\necho 'no space left on device' >&2\nexit 1\n");
    await assert.rejects(ensure({ PATH: dirname(go) }, buildWithGo), /go ended with exit code 1: no space left on device/);
  });

  it("is built from pinned modules, with the version stamped in", async () => {
    const go = executable(join(home, "bin", "go"));
    // What Go was asked for becomes the file that it is to make: the seventh argument is the output.
    writeFileSync(
      go,
      '#!/bin/sh\nset -e\ntest -s go.mod && test -s go.sum && test -s tools.go\necho "$CGO_ENABLED $GOWORK $*" > "$7"\n',
    );
    const path = await ensure({ PATH: dirname(go) }, buildWithGo);
    const asked = readFileSync(path, "utf8");
    assert.match(asked, /^0 off build -mod=readonly -trimpath -ldflags -s -w -X .*version\.Version=v3\.259\.0 -o /);
    assert.match(asked, /github\.com\/pulumi\/pulumi\/pkg\/v3\/cmd\/pulumi$/m);
    const module = readFileSync(join(LANGUAGE_HOST_FOLDER, "../pulumi-cli/go.mod"), "utf8");
    assert.match(module, new RegExp(`github.com/pulumi/pulumi/pkg/v3 ${PULUMI_VERSION}\n`));
  });

  it("says every while how long a build has taken", async () => {
    const told = gate();
    const build: Build = async (request) => {
      await told.opened;
      await goodBuild(request);
    };
    const target = join(home, "pulumi");
    const hear = (line: string): void => {
      if (/^Building Pulumi v1: \d+ s so far$/.test(line)) told.open();
    };
    const isThere = (): Promise<boolean> => Promise.resolve(false);
    await installBuilt({ target, build, isThere, version: "v1", env: {}, progress: hear, progressEvery: 1 });
    assert.equal(readFileSync(target, "utf8"), "whole");
  });

  it("runs with our language host only where it has none of its own", async () => {
    const cli = executable(join(home, "bin", "pulumi"));
    assert.equal((await environmentFor(cli, { PATH: "/nowhere" }))["PATH"], `/nowhere:${LANGUAGE_HOST_FOLDER}`);
    const elsewhere = executable(join(home, "hosts", "pulumi-language-nodejs"));
    assert.equal((await environmentFor(cli, { PATH: dirname(elsewhere) }))["PATH"], dirname(elsewhere));
    executable(join(home, "bin", "pulumi-language-nodejs"));
    assert.equal((await environmentFor(cli, { PATH: "/nowhere" }))["PATH"], "/nowhere");
  });
});

/** A promise that the test fulfils when it likes. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    opened,
    open: () => {
      open();
    },
  };
}
