import { parse as parseYaml } from "yaml";
import { type ContainerLogs, parseContainer } from "./cloud-init-container.ts";
import { UserDataError } from "./cloud-init-error.ts";
import { parseUnitFile, type UnitFile } from "./cloud-init-unit.ts";

/** A container that the server keeps running: one systemd unit. */
export interface Unit {
  /** Name of the unit, without `.service`. */
  readonly name: string;
  readonly image: string;
  /** What stands after the image; empty for the image's own command. */
  readonly command: readonly string[];
  /** The environment file's lines. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether its ports are the server's own. */
  readonly hostNetwork: boolean;
  /** Where its output goes besides its log file. @default - nowhere */
  readonly logs?: ContainerLogs;
  readonly restart: "always" | "never";
  /** Paths inside the container at which the cloud's bundle of database authorities lies. */
  readonly trustFiles: readonly string[];
}

/** Where the authorities of Aurora's certificates are published (Amazon RDS User Guide, "Using SSL/TLS"). */
const TRUST_HOST = "truststore.pki.rds.amazonaws.com";
/** What the sandbox's servers have without installing it. */
const PACKAGES = ["docker", "amazon-ecr-credential-helper"];
/** What write_files may say of a file. Who owns it and who may read it matters to no process here. */
const FILE_KEYS = ["path", "content", "encoding", "permissions", "owner"];
const UNIT_PATH = /^\/etc\/systemd\/system\/([\w.@-]+)\.service$/;

interface Written {
  readonly path: string;
  readonly content: string;
}

/**
 * Reads user data, as it is or in Base64, into the containers that it starts. Empty user data start nothing.
 *
 * Only what the platform's servers are made of is understood: `write_files` and `runcmd` of a `#cloud-config`, with systemd units that run containers.
 * Throws a {@link UserDataError} that names everything else: a server that ran only a part of its user data would be a false server.
 */
export function parseUserData(userData: string): readonly Unit[] {
  const text = decoded(userData);
  if (text.trim() === "") return [];
  const config = cloudConfig(text);
  const faults = Object.keys(config)
    .filter((key) => !["write_files", "runcmd"].includes(key))
    .map((key) => `the cloud-config key "${key}" is not played by the sandbox; it plays write_files and runcmd`);
  const files = writtenFiles(config["write_files"], faults);
  const started = startedUnits(config["runcmd"], faults);
  const units = started.flatMap((name) => unitOf(name, files, faults));
  for (const { path } of files) {
    const name = UNIT_PATH.exec(path)?.[1];
    if (name !== undefined && !started.includes(name)) faults.push(`the unit "${name}" is written but never started by runcmd`);
  }
  if (faults.length > 0) throw new UserDataError(faults);
  return units;
}

/** Takes what is in Base64 out of it, as EC2 does; anything else is text already. */
function decoded(userData: string): string {
  if (!/^[A-Za-z0-9+/=\s]+$/.test(userData)) return userData;
  const bytes = Buffer.from(userData, "base64");
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new UserDataError(["compressed user data are not played by the sandbox"]);
  const text = bytes.toString("utf8");
  // A word such as "reboot" looks like Base64 and is none.
  return text.includes("\uFFFD") ? userData : text;
}

function cloudConfig(text: string): Record<string, unknown> {
  const [first = ""] = text.split("\n");
  if (first.trim() !== "#cloud-config") {
    throw new UserDataError([
      `user data that begin with "${first.slice(0, 40)}" are not played by the sandbox; it plays #cloud-config`,
    ]);
  }
  let config: unknown;
  try {
    config = parseYaml(text);
  } catch (error) {
    throw new UserDataError([`the cloud-config is not YAML: ${error instanceof Error ? error.message : String(error)}`]);
  }
  if (config === null) return {};
  if (!isRecord(config)) throw new UserDataError(["the cloud-config must be a map with write_files and runcmd"]);
  return config;
}

function writtenFiles(given: unknown, faults: string[]): Written[] {
  return listOf("write_files", given, faults).flatMap((entry, index) => {
    const path = isRecord(entry) ? entry["path"] : undefined;
    const content = isRecord(entry) ? (entry["content"] ?? "") : undefined;
    if (!isRecord(entry) || typeof path !== "string" || typeof content !== "string") {
      faults.push(`write_files[${index}] must have a path and text as its content`);
      return [];
    }
    for (const key of Object.keys(entry)) {
      if (!FILE_KEYS.includes(key))
        faults.push(`${path} is written with "${key}", which is not played by the sandbox; it plays ${FILE_KEYS.join(", ")}`);
    }
    const encoding = entry["encoding"] ?? "text/plain";
    if (encoding === "text/plain") return [{ path, content }];
    if (encoding === "b64" || encoding === "base64") return [{ path, content: Buffer.from(content, "base64").toString("utf8") }];
    faults.push(`${path} is written in the encoding ${JSON.stringify(encoding)}; the sandbox knows text/plain and base64`);
    return [];
  });
}

/** The units that runcmd starts, in its order; one that is started twice runs once. */
function startedUnits(given: unknown, faults: string[]): string[] {
  const started = listOf("runcmd", given, faults).flatMap((entry) => {
    const words = Array.isArray(entry) ? entry.map(String) : typeof entry === "string" ? entry.trim().split(/\s+/) : [];
    const line = words.join(" ");
    const unit = /^systemctl enable --now ([\w@-][\w.@-]*?)(\.service)?$/.exec(line)?.[1];
    if (unit !== undefined) return unit === "docker" ? [] : [unit];
    if (!isHarmless(words)) {
      faults.push(
        `runcmd: "${line || JSON.stringify(entry)}" is not played by the sandbox; it plays "dnf install" of ${PACKAGES.join(" and ")}, and "systemctl enable --now UNIT"`,
      );
    }
    return [];
  });
  return [...new Set(started)];
}

/** What changes nothing here, because every server of the sandbox has it already. */
function isHarmless([program, verb, ...rest]: readonly string[]): boolean {
  if (program === "systemctl") return verb === "daemon-reload" && rest.length === 0;
  if (program !== "dnf" || verb !== "install") return false;
  return rest.every((word) => ["--assumeyes", "-y", "--quiet", "-q"].includes(word) || PACKAGES.includes(word));
}

function unitOf(name: string, files: readonly Written[], faults: string[]): Unit[] {
  const file = writtenAt(files, `/etc/systemd/system/${name}.service`);
  if (file === undefined) {
    faults.push(`runcmd starts "${name}", but write_files has no /etc/systemd/system/${name}.service`);
    return [];
  }
  const service = parseUnitFile(name, file.content, faults);
  const fetched = fetchedTrust(name, service, faults);
  const container = parseContainer(name, service.execStart, faults);
  if (container === undefined) return [];
  const trustFiles = container.mounts.flatMap(({ source, target }) => (fetched.includes(source) ? [target] : []));
  for (const { source } of container.mounts) {
    // A named volume is the container's own affair; a path of the server is not there on this machine.
    if (source.startsWith("/") && !fetched.includes(source))
      faults.push(`the unit "${name}" mounts ${source}, which the sandbox's servers don't have`);
  }
  const environment = container.envFile === undefined ? {} : environmentOf(name, container.envFile, files, faults);
  const unit = {
    name,
    image: container.image,
    command: container.command,
    environment: { ...environment, ...container.environment },
    hostNetwork: container.hostNetwork,
    ...(container.logs && { logs: container.logs }),
    restart: service.restart,
    trustFiles,
  };
  return [unit];
}

/** The file as it is in the end: of two under one path the later one stands. */
function writtenAt(files: readonly Written[], path: string): Written | undefined {
  return files.findLast((file) => file.path === path);
}

/** Files that the unit fetches before it starts: the bundle of Aurora's authorities, in whose place the sandbox has its own. */
function fetchedTrust(name: string, { execStartPre }: UnitFile, faults: string[]): string[] {
  return execStartPre.flatMap((words) => {
    const [program = "", ...rest] = words;
    if (program === "/usr/bin/docker" && rest[0] === "rm") return [];
    const output = rest[rest.indexOf("--output") + 1];
    const url = rest.findLast((word) => word.startsWith("https://")) ?? "";
    if (program === "/usr/bin/curl" && rest.includes("--output") && output !== undefined && hostOf(url) === TRUST_HOST) {
      return [output];
    }
    faults.push(
      `the unit "${name}" runs "${words.join(" ")}" before its start; the sandbox plays "docker rm" and fetching ${TRUST_HOST}`,
    );
    return [];
  });
}

/** Reads the format of `docker run --env-file`: no quoting, a value runs to the end of its line. */
function environmentOf(name: string, path: string, files: readonly Written[], faults: string[]): Record<string, string> {
  const file = writtenAt(files, path);
  if (file === undefined) {
    faults.push(`the unit "${name}" reads its environment from ${path}, which write_files does not write`);
    return {};
  }
  const environment: Record<string, string> = {};
  for (const [index, line] of file.content.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const at = line.indexOf("=");
    const key = line.slice(0, at).trimStart();
    // The value is left out: it may be a secret.
    if (at < 1 || !/^\S+$/.test(key)) faults.push(`${path}, line ${index + 1}: expected KEY=VALUE`);
    else environment[key] = line.slice(at + 1);
  }
  return environment;
}

function listOf(key: string, given: unknown, faults: string[]): unknown[] {
  if (given === undefined || given === null) return [];
  if (Array.isArray(given)) return given;
  faults.push(`${key} must be a list`);
  return [];
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
