/** The `awslogs` driver's options. */
export interface ContainerLogs {
  readonly group: string;
  /** @default - the server's region */
  readonly region?: string;
  /** @default - the container's name */
  readonly stream?: string;
}

/** What a `docker run` asks for. */
export interface Container {
  readonly image: string;
  readonly command: readonly string[];
  readonly hostNetwork: boolean;
  readonly envFile?: string;
  /** Given one by one, which goes before the file. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logs?: ContainerLogs;
  readonly mounts: readonly { readonly source: string; readonly target: string }[];
}

/** Flags with their value, by their long name. */
const VALUED: Readonly<Record<string, string>> = {
  "--name": "name",
  "--network": "network",
  "--net": "network",
  "--env-file": "env-file",
  "--env": "env",
  "-e": "env",
  "--log-driver": "log-driver",
  "--log-opt": "log-opt",
  "--volume": "volume",
  "-v": "volume",
};
/** Flags without a value that change nothing here: nothing outlives its process, and no image is pulled. */
const WITHOUT_EFFECT = ["--rm", "--init"];
const LOG_OPTIONS = ["awslogs-region", "awslogs-group", "awslogs-stream"];

type Flags = Map<string, string[]>;

/** Reads the words of a unit's `ExecStart`: a `docker run` of the kind that the sandbox plays. Adds what it can't play to `faults`; undefined if that is all of it. */
export function parseContainer(unit: string, words: readonly string[], faults: string[]): Container | undefined {
  const [program, verb, ...rest] = words;
  // Its line could not be read, which has been told.
  if (program === undefined) return undefined;
  if (program !== "/usr/bin/docker" || verb !== "run") {
    faults.push(
      `the unit "${unit}" runs "${[program, verb].join(" ").trim()}"; the sandbox plays units that run /usr/bin/docker run`,
    );
    return undefined;
  }
  const { flags, after } = flagsOf(unit, rest, faults);
  const [image, ...command] = after;
  if (image === undefined) faults.push(`the unit "${unit}" names no image`);
  const network = flags.get("network")?.at(-1);
  if (network !== undefined && network !== "host") {
    faults.push(`the unit "${unit}" is on the network "${network}"; the sandbox plays the server's own, "host"`);
  }
  const logs = logsOf(unit, flags, faults);
  const envFile = flags.get("env-file")?.at(-1);
  return {
    image: image ?? "",
    command,
    hostNetwork: network === "host",
    ...(envFile !== undefined && { envFile }),
    environment: environmentOf(unit, flags, faults),
    ...(logs !== undefined && { logs }),
    mounts: mountsOf(unit, flags, faults),
  };
}

function flagsOf(unit: string, words: readonly string[], faults: string[]): { flags: Flags; after: readonly string[] } {
  const flags: Flags = new Map();
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) break;
    if (WITHOUT_EFFECT.includes(word)) continue;
    const [, flag = word, inline] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    const name = VALUED[flag];
    if (name === undefined) faults.push(`the unit "${unit}" gives docker run the flag ${flag}, which the sandbox does not play`);
    else flags.set(name, [...(flags.get(name) ?? []), inline ?? words[++at] ?? ""]);
  }
  return { flags, after: words.slice(at) };
}

function logsOf(unit: string, flags: Flags, faults: string[]): ContainerLogs | undefined {
  const driver = flags.get("log-driver")?.at(-1);
  if (driver === undefined) return undefined;
  if (driver !== "awslogs") {
    faults.push(`the unit "${unit}" has the log driver "${driver}"; the sandbox plays awslogs`);
    return undefined;
  }
  const given = new Map((flags.get("log-opt") ?? []).map((option) => pair(option)));
  for (const name of given.keys()) {
    if (!LOG_OPTIONS.includes(name))
      faults.push(`the unit "${unit}" has the log option "${name}"; the sandbox plays ${LOG_OPTIONS.join(", ")}`);
  }
  const [region, group, stream] = LOG_OPTIONS.map((name) => given.get(name));
  if (group === undefined) faults.push(`the unit "${unit}" logs to CloudWatch but names no awslogs-group`);
  return { group: group ?? "", ...(region !== undefined && { region }), ...(stream !== undefined && { stream }) };
}

function environmentOf(unit: string, flags: Flags, faults: string[]): Record<string, string> {
  const pairs = (flags.get("env") ?? []).map((text) => pair(text));
  for (const [key, value] of pairs) {
    if (value === undefined)
      faults.push(`the unit "${unit}" passes ${key} on from the server, where the sandbox has no such variable`);
  }
  return Object.fromEntries(pairs.map(([key, value]) => [key, value ?? ""]));
}

function mountsOf(unit: string, flags: Flags, faults: string[]): Container["mounts"] {
  return (flags.get("volume") ?? []).flatMap((volume) => {
    const [source = "", target = ""] = volume.split(":");
    if (source !== "" && target.startsWith("/")) return [{ source, target }];
    faults.push(`the unit "${unit}" has the volume "${volume}"; expected SOURCE:/PATH`);
    return [];
  });
}

function pair(text: string): [name: string, value: string | undefined] {
  const at = text.indexOf("=");
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
