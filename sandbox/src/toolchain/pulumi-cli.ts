import { constants } from "node:fs";
import { access, mkdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildWithGo, installBuilt } from "./build-cli.ts";
import type { Build, Progress } from "./build-cli.ts";

/** The release that is built where no Pulumi CLI is installed. The go.mod in `sandbox/toolchain/pulumi-cli` asks for the same one. */
export const PULUMI_VERSION = "v3.259.0";

/** The folder that holds our own `pulumi-language-nodejs`, for the PATH beside a CLI that comes without one. */
export const LANGUAGE_HOST_FOLDER = fileURLToPath(new URL("../../toolchain/bin", import.meta.url));

/** What every step may look at. */
export interface Search {
  readonly env: NodeJS.ProcessEnv;
  /** Where a built CLI is kept, a folder for each version. */
  readonly folder: string;
  readonly progress: Progress;
}

/** What a step came to: the CLI's path, or the reason why there is none this way. */
export type Outcome = { readonly path: string } | { readonly why: string };

/** One way to come by a CLI. It throws only when going on to the next way would go against what the user asked for. */
export interface Step {
  readonly name: string;
  find(search: Search): Promise<Outcome>;
}

export interface EnsureOptions {
  /** Default: `$XDG_CACHE_HOME`, else `~/.cache`. */
  readonly cacheRoot?: string;
  readonly progress: Progress;
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: the variable PULUMI_CLI, the PATH, the cache, a build with Go. */
  readonly steps?: readonly Step[];
}

/**
 * The path of a Pulumi CLI that can be started, taken from the first step that has one.
 * Throws an error that names every step and why it failed.
 */
export async function ensurePulumiCli(options: EnsureOptions): Promise<string> {
  const env = options.env ?? process.env;
  const folder = join(options.cacheRoot ?? defaultCacheRoot(env), "platform-sandbox", "pulumi", PULUMI_VERSION);
  const search: Search = { env, folder, progress: options.progress };
  const failures: string[] = [];
  for (const step of options.steps ?? defaultSteps()) {
    const outcome = await step.find(search);
    if ("path" in outcome) return outcome.path;
    failures.push(`  - ${step.name}: ${outcome.why}`);
  }
  throw new Error(
    `No Pulumi CLI was found, and none could be built. Tried:\n${failures.join("\n")}\n` +
      "Install Pulumi (https://www.pulumi.com/docs/install/) or Go (https://go.dev/dl/), or set PULUMI_CLI to the path of a CLI.",
  );
}

/** The steps in the order in which they are tried. `build` puts a CLI at the path it is given. */
export function defaultSteps(build: Build = buildWithGo): readonly Step[] {
  return [fromVariable, fromPath, fromCache, fromBuild(build)];
}

/**
 * The environment for running `cli`: the given one, with our Node.js language host at the end of the PATH
 * if the CLI has none beside it and the PATH has none either.
 */
export async function environmentFor(cli: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const name = "pulumi-language-nodejs";
  const known = (await faultOf(join(dirname(cli), name))) === undefined || (await findOnPath(name, env)) !== undefined;
  return known ? env : { ...env, PATH: [env["PATH"], LANGUAGE_HOST_FOLDER].filter(Boolean).join(delimiter) };
}

const fromVariable: Step = {
  name: "PULUMI_CLI",
  async find({ env }) {
    const path = env["PULUMI_CLI"];
    if (!path) return { why: "the variable is not set" };
    const fault = isAbsolute(path) ? await faultOf(path) : "it is not an absolute path";
    // Whoever names a CLI means that one; another in its place would surprise.
    if (fault) throw new Error(`PULUMI_CLI is "${path}", which cannot be used: ${fault}.`);
    return { path };
  },
};

const fromPath: Step = {
  name: "pulumi on the PATH",
  async find({ env }) {
    const path = await findOnPath("pulumi", env);
    return path ? { path } : { why: "no folder of the PATH has it" };
  },
};

const fromCache: Step = {
  name: "the cache",
  async find({ folder }) {
    const path = join(folder, "pulumi");
    const fault = await faultOf(path);
    return fault ? { why: `${path}: ${fault}` } : { path };
  },
};

function fromBuild(build: Build): Step {
  return {
    name: `a build of Pulumi ${PULUMI_VERSION} with Go`,
    async find(search) {
      const target = join(search.folder, "pulumi");
      try {
        await mkdir(search.folder, { recursive: true });
        const isThere = async () => (await faultOf(target)) === undefined;
        await installBuilt({ target, build, isThere, version: PULUMI_VERSION, env: search.env, progress: search.progress });
        return { path: target };
      } catch (error) {
        return { why: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

function defaultCacheRoot(env: NodeJS.ProcessEnv): string {
  const named = env["XDG_CACHE_HOME"];
  // The XDG base directory specification: a relative path in the variable is invalid and must be ignored.
  return named && isAbsolute(named) ? named : join(env["HOME"] ?? homedir(), ".cache");
}

async function findOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  // A relative folder on the PATH would mean a different program in every working directory.
  const folders = (env["PATH"] ?? "").split(delimiter).filter(isAbsolute);
  for (const folder of folders) {
    const path = join(folder, name);
    if ((await faultOf(path)) === undefined) return path;
  }
  return undefined;
}

/** Why the file cannot be started, or undefined if it can. */
async function faultOf(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return "it is not a file";
    if (found.size === 0) return "the file is empty";
    await access(path, constants.X_OK);
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EACCES") return "the file may not be executed";
    return code === "ENOENT" || code === "ENOTDIR" ? "there is no such file" : String(error);
  }
}
