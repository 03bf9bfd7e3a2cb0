import { parse } from "shell-quote";

/** What a systemd unit says that matters here. */
export interface UnitFile {
  /** The words of its `ExecStart`; none where it can't be read. */
  readonly execStart: readonly string[];
  /** The words of each `ExecStartPre`, without the `-` that lets it fail. */
  readonly execStartPre: readonly (readonly string[])[];
  readonly restart: "always" | "never";
}

/** Settings that order and describe units: the sandbox starts all of a server's units, and has what they wait for. */
const WITHOUT_EFFECT: Readonly<Record<string, readonly string[]>> = {
  Unit: ["Description", "Documentation", "Requires", "Wants", "After", "StartLimitIntervalSec", "StartLimitBurst"],
  Service: ["ExecStop", "RestartSec", "TimeoutStartSec", "TimeoutStopSec", "Environment"],
  Install: ["WantedBy"],
};

interface Setting {
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

/** Reads a systemd service (systemd.syntax(7), systemd.service(5)). Adds what it can't play to `faults`. */
export function parseUnitFile(unit: string, content: string, faults: string[]): UnitFile {
  const settings = settingsOf(unit, content, faults);
  const all = (key: string): string[] =>
    settings.filter((setting) => setting.section === "Service" && setting.key === key).map(({ value }) => value);
  const [execStart, ...more] = all("ExecStart");
  if (execStart === undefined || more.length > 0) faults.push(`the unit "${unit}" must have exactly one ExecStart`);
  const restart = all("Restart").at(-1) ?? "no";
  if (!["always", "no"].includes(restart))
    faults.push(`the unit "${unit}" has Restart=${restart}; the sandbox plays always and no`);
  const wordsOf = (line: string): readonly string[] => words(unit, line, faults);
  return {
    execStart: wordsOf(execStart ?? ""),
    execStartPre: all("ExecStartPre")
      .map((line) => wordsOf(line.replace(/^-/, "")))
      .filter((command) => command.length > 0),
    restart: restart === "always" ? "always" : "never",
  };
}

function settingsOf(unit: string, content: string, faults: string[]): Setting[] {
  let section = "";
  // A backslash at the end of a line goes on in the next one.
  const lines = content.replaceAll(/\\\r?\n\s*/g, " ").split(/\r?\n/);
  return lines.flatMap((raw) => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) return [];
    const header = /^\[(\w+)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      section = header;
      return [];
    }
    const [, key = "", value = ""] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    const known = [
      ...(WITHOUT_EFFECT[section] ?? []),
      ...(section === "Service" ? ["ExecStart", "ExecStartPre", "Restart"] : []),
    ];
    if (known.includes(key)) return [{ section, key, value }];
    faults.push(`the unit "${unit}" has "${key === "" ? line : key}" in [${section}], which the sandbox does not play`);
    return [];
  });
}

/** A command line of systemd: quoted like a shell's, but with no shell to run it. */
function words(unit: string, line: string, faults: string[]): string[] {
  if (/[$%]/.test(line)) {
    faults.push(`the unit "${unit}" has $ or % in a command, which the sandbox does not play: ${line}`);
    return [];
  }
  return parse(line).flatMap((entry) => {
    if (typeof entry === "string") return [entry];
    if ("op" in entry && entry.op === "glob") return [entry.pattern];
    faults.push(`the unit "${unit}" has shell syntax in a command, and no shell runs it: ${line}`);
    return [];
  });
}
