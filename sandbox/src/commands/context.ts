import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { UserError } from "../toolchain/user-error.ts";

/** Where one sandbox keeps its things, and which stack it is. */
export interface SandboxContext {
  /** The checkout: the folder with Pulumi.yaml. */
  readonly root: string;
  /** The sandbox's own folder: state, world, logs, sockets. Deleted by `reset` and `destroy`. */
  readonly home: string;
  /** The Pulumi stack that runs in it. */
  readonly stack: string;
  /** The Pulumi project's name, from Pulumi.yaml. */
  readonly project: string;
  /** Folder of the stack configuration files, from Pulumi.yaml. */
  readonly configDirectory: string;
}

const ROOT = fileURLToPath(new URL("../../../", import.meta.url)).replace(/\/$/, "");

/** Reads `SANDBOX_HOME` (default `<checkout>/.sandbox`) and `SANDBOX_STACK` (default `sandbox`). */
export function sandboxContext(env: NodeJS.ProcessEnv = process.env, root: string = ROOT): SandboxContext {
  const home = resolve(nonEmpty(env["SANDBOX_HOME"]) ?? join(root, ".sandbox"));
  const stack = nonEmpty(env["SANDBOX_STACK"]) ?? "sandbox";
  checkStack(stack);
  checkHome(home, root);
  const file = join(root, "Pulumi.yaml");
  if (!existsSync(file)) throw new UserError("This checkout has no Pulumi.yaml.", [`looked for: ${file}`]);
  const project = parse(readFileSync(file, "utf8")) as { name: string; stackConfigDir?: string };
  return { root, home, stack, project: project.name, configDirectory: resolve(root, project.stackConfigDir ?? ".") };
}

/** The file with the stack's settings. */
export function stackConfigFile({ configDirectory, stack }: SandboxContext): string {
  return join(configDirectory, `Pulumi.${stack}.yaml`);
}

/** The file in which the Pulumi CLI keeps the stack's state. */
export function stateFile({ home, project, stack }: SandboxContext): string {
  return join(home, "state", ".pulumi", "stacks", project, `${stack}.json`);
}

function checkStack(stack: string): void {
  // The name decides which configuration file is written and deleted, so it must never be that of a real environment.
  if (/^sandbox(-[a-z0-9][a-z0-9-]*)?$/.test(stack)) return;
  throw new UserError("SANDBOX_STACK is not a name for a sandbox.", [
    `given: ${stack}`,
    "allowed: sandbox, or sandbox-<lower-case letters, digits and hyphens>",
  ]);
}

function checkHome(home: string, root: string): void {
  const holds = [root, homedir()].some((precious) => home === precious || precious.startsWith(`${home}/`));
  const fault = holds || dirname(home) === home ? "it holds this checkout, your home or everything" : strangersIn(home);
  if (fault === undefined) return;
  throw new UserError("SANDBOX_HOME must be a folder of its own: it is deleted by `reset` and `destroy`.", [
    `given: ${home} (${fault})`,
    `allowed: a folder that holds nothing else, such as ${join(root, ".sandbox")}`,
  ]);
}

/** What only a sandbox has in its folder: the daemon's files, and the Pulumi CLI's. */
const SIGNS = [
  "world.db",
  "daemon.json",
  join("logs", "daemon.log"),
  join("state", ".pulumi"),
  join("pulumi", "credentials.json"),
];
/** Folders that are made before anything is in them. */
const FIRST_FOLDERS = ["logs", "pulumi", "state"];

/** Why a folder is not a sandbox's own; undefined for one that is, that is empty, or that is not there yet. */
function strangersIn(home: string): string | undefined {
  if (!existsSync(home)) return undefined;
  if (!statSync(home).isDirectory()) return "it is a file";
  const strangers = readdirSync(home).filter((name) => !FIRST_FOLDERS.includes(name));
  if (strangers.length === 0 || SIGNS.some((sign) => existsSync(join(home, sign)))) return undefined;
  return `it holds ${strangers.slice(0, 3).join(", ")}${strangers.length > 3 ? ", ..." : ""}, which no sandbox made`;
}

/** A path as people read it: relative when it lies below the working directory. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") ? path : short;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
