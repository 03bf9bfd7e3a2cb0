import { cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Progress } from "./progress.ts";
import { type Outcome, capture, reasonOf } from "./run-command.ts";
import { messageOf } from "./user-error.ts";
import { PULUMI_VERSION } from "./versions.ts";

/** A way to get the CLI into an empty directory, as a file `pulumi`. */
export interface CliSource {
  /** Short name for messages and for the cache's marker. */
  readonly name: string;
  /** Throws an Error whose message says why it could not. */
  fetch(directory: string, progress: Progress): Promise<void>;
}

const NPM_SECONDS = 120;
const DOWNLOAD_SECONDS = 300;
const BUILD_SECONDS = 40 * 60;
const GO_MODULE = fileURLToPath(new URL("../../toolchain/go/", import.meta.url));

/** The official CLI by way of the npm package `pulumi`, which downloads it (with its language hosts) when it is first run. */
export const npmSource: CliSource = {
  name: `npm package pulumi@${PULUMI_VERSION}`,
  async fetch(directory, progress) {
    progress.step(`Getting the Pulumi CLI ${PULUMI_VERSION} with the npm package "pulumi"`);
    const scratch = join(directory, "npm");
    await mkdir(scratch);
    const install = ["install", "--prefix", scratch, "--no-audit", "--no-fund", "--no-save", `pulumi@${PULUMI_VERSION}`];
    await must("npm", install, { cwd: scratch, seconds: NPM_SECONDS, env: process.env, progress });
    // PULUMI_HOME is where that package puts what it downloads: <home>/versions/<version>/bin.
    const home = join(scratch, "home");
    const runner = join(scratch, "node_modules", "pulumi", "run.js");
    const env = { ...process.env, PULUMI_HOME: home, PULUMI_VERSION, PULUMI_SKIP_UPDATE_CHECK: "true" };
    await must(process.execPath, [runner, "version"], { cwd: scratch, seconds: DOWNLOAD_SECONDS, env, progress });
    const bin = join(home, "versions", PULUMI_VERSION, "bin");
    for (const name of await readdir(bin)) await rename(join(bin, name), join(directory, name));
    await rm(scratch, { recursive: true, force: true });
  },
};

/** The CLI built from the Go module proxy. It comes without the Node.js language host, so a hand-over to ours is put beside it. */
export const goSource: CliSource = {
  name: "build with Go",
  async fetch(directory, progress) {
    progress.step(`Building the Pulumi CLI ${PULUMI_VERSION} with Go (once for this machine, some minutes)`);
    const source = join(directory, "source");
    await cp(GO_MODULE, source, { recursive: true });
    const release = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`;
    const args = [
      "build",
      "-v",
      "-mod=readonly",
      "-trimpath",
      "-ldflags",
      `-s -w -X ${release}`,
      "-o",
      join(directory, "pulumi"),
    ];
    // What a person has set for their own Go work must not change this build.
    const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" };
    let [downloaded, compiled] = [0, 0];
    await must("go", [...args, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"], {
      cwd: source,
      seconds: BUILD_SECONDS,
      env,
      progress,
      onLine(line) {
        if (line.startsWith("go: downloading")) downloaded++;
        else compiled++;
        progress.detail(compiled === 0 ? `${String(downloaded)} modules downloaded` : `${String(compiled)} packages compiled`);
      },
    });
    await rename(join(source, "pulumi-language-nodejs"), join(directory, "pulumi-language-nodejs"));
    await rm(source, { recursive: true, force: true });
  },
};

/** In the order they are tried. */
export const officialFirst: readonly CliSource[] = [npmSource, goSource];

interface MustOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly seconds: number;
  readonly progress: Progress;
  readonly onLine?: (line: string) => void;
}

async function must(file: string, args: readonly string[], options: MustOptions): Promise<Outcome> {
  const onLine =
    options.onLine ??
    ((line: string): void => {
      options.progress.detail(line.trim());
    });
  let outcome: Outcome;
  try {
    outcome = await capture(file, args, { ...options, onLine });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new Error(missing ? `there is no \`${file}\` on the PATH` : messageOf(error), { cause: error });
  } finally {
    options.progress.done();
  }
  if (outcome.code !== 0) throw new Error(reasonOf(outcome, options.seconds));
  return outcome;
}
