import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CliCache, cacheRoot } from "./cache.ts";
import { type Progress, silent } from "./progress.ts";
import { capture, reasonOf } from "./run-command.ts";
import { type CliSource, officialFirst } from "./sources.ts";
import { UserError, messageOf } from "./user-error.ts";
import { OLDEST_PULUMI_VERSION, PULUMI_VERSION, isAccepted } from "./versions.ts";

/** A Pulumi CLI that can be run. */
export interface PulumiCli {
  /** Absolute path of the executable. */
  readonly path: string;
  /** Directories to put before the PATH for it: ours with a language host if it has none of its own, else none. */
  readonly pathPrefix: readonly string[];
}

/** There is no CLI, and this machine offers no way to get one. */
export class NoPulumiCli extends UserError {}

export interface ResolveOptions {
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** Tried in order when neither the PATH nor the cache has a CLI. @default - the npm package, then a build with Go */
  readonly sources?: readonly CliSource[];
  readonly progress?: Progress;
  /** What `<file> version` says. Throws with the reason when it cannot be run. */
  readonly versionOf?: (file: string) => Promise<string>;
}

/** Holds the `pulumi-language-nodejs` of our own. */
export const LANGUAGE_HOST_DIRECTORY = fileURLToPath(new URL("../../toolchain/bin/", import.meta.url)).replace(/\/$/, "");
const LANGUAGE_HOST = "pulumi-language-nodejs";
const VERSION_SECONDS = 30;

/**
 * Finds the Pulumi CLI, or gets it: `PULUMI_CLI`, the PATH, the cache, the npm package `pulumi`, a build with Go, in this order.
 * Throws {@link NoPulumiCli}, which names each thing tried and why it failed, or a {@link UserError} when what `PULUMI_CLI` names cannot be used.
 */
export async function resolvePulumi(options: ResolveOptions = {}): Promise<PulumiCli> {
  const { env = process.env, sources = officialFirst, progress = silent, versionOf = askVersion } = options;
  const chosen = env["PULUMI_CLI"] ?? "";
  if (chosen !== "") return withLanguageHost(await explicit(chosen, env, versionOf), env);

  const tried: string[] = [];
  const installed = await onPath(env, versionOf, tried);
  if (installed !== undefined) return withLanguageHost(installed, env);

  const cache = new CliCache(cacheRoot(env), PULUMI_VERSION);
  const cached = await cache.find();
  if (cached !== undefined) return withLanguageHost(cached, env);
  tried.push(`cache: ${cache.directory} holds no whole CLI`);

  const fill = async (directory: string): Promise<string> => firstThatWorks(sources, directory, progress, versionOf, tried);
  const waiting = (): void => {
    progress.step(`Waiting for another run that is getting the Pulumi CLI ${PULUMI_VERSION}`);
  };
  try {
    return withLanguageHost(await cache.findOrFill(fill, waiting), env);
  } finally {
    progress.done();
  }
}

/** Which directory must come before the PATH so that this CLI finds a Node.js language host; none if it has an official one. */
export function withLanguageHost(path: string, env: NodeJS.ProcessEnv): PulumiCli {
  const beside = isExecutable(join(dirname(realpathSync(path)), LANGUAGE_HOST));
  const elsewhere = beside || lookUp(LANGUAGE_HOST, env) !== undefined;
  return { path, pathPrefix: elsewhere ? [] : [LANGUAGE_HOST_DIRECTORY] };
}

/** The first executable file of that name on the PATH. */
export function lookUp(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const directories = (env["PATH"] ?? "").split(delimiter).filter((directory) => isAbsolute(directory));
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

async function explicit(chosen: string, env: NodeJS.ProcessEnv, versionOf: (file: string) => Promise<string>): Promise<string> {
  const file = chosen.includes("/") ? resolve(chosen) : lookUp(chosen, env);
  const fix = "Set PULUMI_CLI to the path of a Pulumi CLI, or unset it to have one found or fetched.";
  if (file === undefined || !isExecutable(file)) {
    throw new UserError("PULUMI_CLI names no executable file.", [`given: ${chosen}`, fix]);
  }
  const reason = await whyNot(file, versionOf);
  if (reason !== undefined) throw new UserError("PULUMI_CLI cannot be used.", [`given: ${chosen}`, `reason: ${reason}`, fix]);
  return file;
}

async function onPath(
  env: NodeJS.ProcessEnv,
  versionOf: (file: string) => Promise<string>,
  tried: string[],
): Promise<string | undefined> {
  const file = lookUp("pulumi", env);
  const reason = file === undefined ? "there is no `pulumi` on it" : await whyNot(file, versionOf);
  if (reason === undefined) return file;
  tried.push(`PATH: ${file === undefined ? "" : `${file}: `}${reason}`);
  return undefined;
}

async function firstThatWorks(
  sources: readonly CliSource[],
  directory: string,
  progress: Progress,
  versionOf: (file: string) => Promise<string>,
  tried: string[],
): Promise<string> {
  for (const source of sources) {
    // Each source gets a directory of its own, so that what a failed one left is not mixed with what the next one brings.
    const own = join(directory, ".source");
    await mkdir(own);
    try {
      await source.fetch(own, progress);
      const version = (await versionOf(join(own, "pulumi"))).trim().replace(/^v/, "");
      if (version !== PULUMI_VERSION) throw new Error(`it brought version ${version}, not ${PULUMI_VERSION}`);
      for (const name of await readdir(own)) await rename(join(own, name), join(directory, name));
      return source.name;
    } catch (error) {
      tried.push(`${source.name}: ${messageOf(error)}`);
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  }
  throw new NoPulumiCli("The Pulumi CLI could not be found, fetched or built.", [
    ...tried.map((line) => `- ${line}`),
    "Install it from https://www.pulumi.com/docs/install/ (then it is found on the PATH), set PULUMI_CLI to its path,",
    "or install Go (https://go.dev/dl/) so that it can be built.",
  ]);
}

async function whyNot(file: string, versionOf: (file: string) => Promise<string>): Promise<string | undefined> {
  try {
    const version = (await versionOf(file)).trim();
    if (isAccepted(version)) return undefined;
    return `it says it is version "${version}"; ${OLDEST_PULUMI_VERSION} or newer of version 3 is needed`;
  } catch (error) {
    return messageOf(error);
  }
}

async function askVersion(file: string): Promise<string> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const outcome = await capture(file, ["version"], { seconds: VERSION_SECONDS, env });
  if (outcome.code !== 0) throw new Error(`\`pulumi version\`: ${reasonOf(outcome, VERSION_SECONDS)}`);
  return outcome.stdout;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
