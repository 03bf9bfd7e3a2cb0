import { type Dockerfile, DockerfileParser, Env, From, type Instruction, Workdir } from "dockerfile-ast";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, posix } from "node:path";

/** A program of this repository that stands in for a container image. */
export interface LocalImage {
  /** The program's folder, which is its image's working directory. */
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Raised for an image that can't be had here, or a Dockerfile that can't be played. */
export class ImageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ImageError";
  }
}

/** Where an ordinary image finds its programs. */
const SYSTEM_PATH = ["/usr/local/bin", "/usr/bin", "/bin"];

/** The last part of an image reference without tag and digest: `ghcr.io/example/shop:0.1.0` is `shop`. */
export function imageName(reference: string): string {
  const last = reference.split("@")[0]?.split("/").at(-1) ?? "";
  return last.split(":")[0] ?? "";
}

/** Whether the reference names the proxy that is built in: its name is `caddy`, whoever mirrors it. */
export function isProxyImage(reference: string): boolean {
  return imageName(reference) === "caddy";
}

/**
 * The program behind an image: the folder `apps/<name>` of the repository, run as the last stage of its Dockerfile says. With `command` it is run with that in
 * place of the image's own, as `docker run IMAGE COMMAND` does. Throws an {@link ImageError}.
 */
export function localImage(project: string, reference: string, command: readonly string[] = []): LocalImage {
  const name = imageName(reference);
  const folder = join(project, "apps", name);
  const file = join(folder, "Dockerfile");
  if (!/^\w[\w.-]*$/.test(name) || !existsSync(file)) {
    throw new ImageError(
      `image not found: ${reference}. The sandbox has no registry: an image named NAME is the folder apps/NAME with a Dockerfile. There are: ${known(project).join(", ")}`,
    );
  }
  return fromDockerfile(`apps/${name}/Dockerfile`, readFileSync(file, "utf8"), folder, command);
}

function known(project: string): string[] {
  const apps = join(project, "apps");
  const names = existsSync(apps) ? readdirSync(apps).filter((name) => existsSync(join(apps, name, "Dockerfile"))) : [];
  return [...names, "caddy (built in)"];
}

function fromDockerfile(file: string, text: string, folder: string, command: readonly string[]): LocalImage {
  const path = [dirname(process.execPath), ...SYSTEM_PATH].join(delimiter);
  let environment: Record<string, string> = { PATH: path };
  let entrypoint: string[] = [];
  let cmd: string[] = [];
  let workdir = "/";
  const variables = new Map(Object.entries(environment));
  for (const instruction of lastStage(DockerfileParser.parse(text))) {
    if (instruction instanceof Workdir) workdir = posix.resolve(workdir, expand(file, instruction.getPath() ?? "", variables));
    else if (instruction instanceof Env) environment = { ...environment, ...envOf(file, instruction, variables) };
    else if (instruction.getKeyword() === "ARG") setArgument(file, instruction, variables);
    else if (instruction.getKeyword() === "CMD") cmd = execForm(file, instruction);
    else if (instruction.getKeyword() === "ENTRYPOINT") {
      entrypoint = execForm(file, instruction);
      // A new entry point forgets the command of the stage below (Dockerfile reference, "Understand how CMD and ENTRYPOINT interact").
      cmd = [];
    }
  }
  // What lies in the image's working directory lies in the folder here.
  const here = (value: string): string =>
    workdir !== "/" && (value === workdir || value.startsWith(`${workdir}/`)) ? folder + value.slice(workdir.length) : value;
  const [program, ...args] = [...entrypoint, ...(command.length > 0 ? command : cmd)];
  if (program === undefined) throw new ImageError(`${file} has neither CMD nor ENTRYPOINT`);
  if (program.split("/").at(-1) !== "node") {
    throw new ImageError(`${file} runs "${program}"; the sandbox runs images whose program is node`);
  }
  const local = Object.entries(environment).map(([key, value]) => [key, value.split(delimiter).map(here).join(delimiter)]);
  return {
    folder,
    command: process.execPath,
    args: args.map(here),
    environment: Object.fromEntries(local) as Record<string, string>,
  };
}

/** The instructions of the last stage, after those of the stages that it is built on. */
function lastStage(dockerfile: Dockerfile): Instruction[] {
  const stages: { readonly name: string; readonly instructions: Instruction[] }[] = [];
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction instanceof From) {
      // Of two stages with one name the later counts; letters' case does not.
      const base = stages.findLast(({ name }) => name !== "" && name === instruction.getImage()?.toLowerCase());
      stages.push({
        name: instruction.getBuildStage()?.toLowerCase() ?? "",
        instructions: [...(base?.instructions ?? [])],
      });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages.at(-1)?.instructions ?? [];
}

function envOf(file: string, instruction: Env, variables: Map<string, string>): Record<string, string> {
  const pairs = instruction.getProperties().map((property) => {
    const value = expand(file, property.getValue() ?? "", variables);
    return [property.getName(), value] as const;
  });
  // Within one instruction every value still sees the variables of before it (Dockerfile reference, "Environment replacement").
  for (const [name, value] of pairs) variables.set(name, value);
  return Object.fromEntries(pairs);
}

/** An argument has its default here: nobody builds the image. */
function setArgument(file: string, instruction: Instruction, variables: Map<string, string>): void {
  const [, name = "", value] = /^(\w+)(?:=(.*))?$/.exec(instruction.getArguments()[0]?.getValue() ?? "") ?? [];
  if (!variables.has(name)) variables.set(name, expand(file, value ?? "", variables));
}

function expand(file: string, text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\\\$|\$(?:\{(\w+)\}|(\w+)|.?)/g, (found, braced?: string, bare?: string) => {
    if (found === "\\$") return "$";
    const name = braced ?? bare;
    if (name === undefined) throw new ImageError(`${file}: the sandbox does not expand "${text}"; it knows $NAME and \${NAME}`);
    return variables.get(name) ?? "";
  });
}

function execForm(file: string, instruction: Instruction): string[] {
  const text = instruction.getArgumentsContent() ?? "";
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words) && words.every((word) => typeof word === "string")) return words;
  } catch {
    // Not JSON: the shell form.
  }
  throw new ImageError(
    `${file}: ${instruction.getKeyword()} ${text} is not a JSON list; the sandbox plays lists such as ["node", "src/main.ts"], which also stop cleanly`,
  );
}
