import { spawn } from "node:child_process";
import { chmod, copyFile, mkdtemp, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { lock } from "proper-lockfile";

/** Takes one line for a person to read. */
export type Progress = (line: string) => void;

export interface BuildRequest {
  /** An empty folder for whatever the build needs. It is removed afterwards. */
  readonly workFolder: string;
  /** Where the executable is to be put. */
  readonly output: string;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Puts an executable at `output`, or throws an error that says why it could not. */
export type Build = (request: BuildRequest) => Promise<void>;

export interface Installation {
  /** Where the finished executable goes. Its folder exists. */
  readonly target: string;
  readonly build: Build;
  /** Whether the target can be used already. */
  readonly isThere: () => Promise<boolean>;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /** How often a line says that the work goes on, in milliseconds. Default 5,000. */
  readonly progressEvery?: number;
}

const MODULE_FOLDER = fileURLToPath(new URL("../../toolchain/pulumi-cli", import.meta.url));
const WORK_PREFIX = "build-";
/** A work folder this old belongs to a build that was killed. A build takes minutes. */
const ABANDONED_AFTER = 2 * 60 * 60 * 1000;

/**
 * Builds the target unless it is there already. Two calls at once, in one process or in two, build once: the second waits for the first.
 * The target's name never holds anything but a whole file that is on the disk.
 */
export async function installBuilt(job: Installation): Promise<void> {
  const release = await whileSaying(job, "Waiting for another build of the Pulumi CLI", () => lockFor(job));
  try {
    if (await job.isThere()) return;
    await removeAbandoned(dirname(job.target));
    job.progress(`Building Pulumi ${job.version} with Go, once for this machine. This takes several minutes.`);
    await whileSaying(job, `Building Pulumi ${job.version}`, () => buildInto(job));
  } finally {
    await release();
  }
}

/** The build with Go: our go.mod and go.sum pin every module, and Go checks what it downloads against them. */
export const buildWithGo: Build = async ({ workFolder, output, version, env }) => {
  for (const file of ["go.mod", "go.sum", "tools.go"]) await copyFile(join(MODULE_FOLDER, file), join(workFolder, file));
  const linking = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`;
  const flags = ["-mod=readonly", "-trimpath", "-ldflags", linking, "-o", output];
  const args = ["build", ...flags, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"];
  // A workspace file of the user's, in a folder above, must not join this build.
  await run("go", args, { cwd: workFolder, env: { ...env, CGO_ENABLED: "0", GOWORK: "off" } });
};

async function buildInto(job: Installation): Promise<void> {
  const folder = dirname(job.target);
  const workFolder = await mkdtemp(join(folder, WORK_PREFIX));
  try {
    const output = join(workFolder, "pulumi");
    await job.build({ workFolder, output, version: job.version, env: job.env });
    await chmod(output, 0o755);
    await flush(output);
    await rename(output, job.target);
    await flush(folder);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function lockFor(job: Installation): Promise<() => Promise<void>> {
  const folder = dirname(job.target);
  return lock(folder, {
    lockfilePath: join(folder, "build.lock"),
    // The holder renews the lock every few seconds, so that one which is older than this was left by a process that died.
    stale: 30_000,
    update: 5_000,
    retries: { forever: true, factor: 1.2, minTimeout: 50, maxTimeout: 2_000 },
    // A laptop that slept may lose the lock. Then two builds run, each in a folder of its own, and either's file is whole.
    onCompromised: () => {
      job.progress("The lock on the build was lost, as it happens when a machine sleeps. The build goes on.");
    },
  });
}

async function whileSaying<T>(job: Installation, what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const timer = setInterval(() => {
    job.progress(`${what}: ${Math.round((performance.now() - start) / 1000)} s so far`);
  }, job.progressEvery ?? 5_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(WORK_PREFIX)) continue;
    const path = join(folder, name);
    const age = Date.now() - (await stat(path)).mtimeMs;
    if (age > ABANDONED_AFTER) await rm(path, { recursive: true, force: true });
  }
}

/** Makes the file's content, or the folder's names, last through a power cut. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function run(command: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4_000);
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? new Error(`there is no ${command} on the PATH`) : error);
    });
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `${command} ended with ${signal ?? `exit code ${String(code)}`}: ${said.trim().split("\n").slice(-8).join("\n    ")}`,
          ),
        );
    });
  });
}
