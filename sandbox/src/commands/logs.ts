import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Command, InvalidArgumentError } from "commander";
import { UserError } from "../toolchain/user-error.ts";
import { sandboxContext } from "./context.ts";
import { ControlClient } from "./control.ts";
import { requireDaemon } from "./daemon.ts";
import { say } from "./output.ts";
import { processMeant } from "./process-name.ts";

const FOLLOW_MS = 400;
/** How many lines are asked for while following; more than a process prints between two looks. */
const FOLLOW_LINES = 2000;

interface LogsOptions {
  readonly follow?: boolean;
  readonly lines: number;
}

export function addLogs(program: Command): void {
  program
    .command("logs")
    .description("show what the sandbox did, or what one of its processes printed")
    .argument("[name]", "a process as `status` names it (the beginning is enough), or `daemon`; without it, the sandbox's events")
    .option("-f, --follow", "go on as more comes")
    .option("-n, --lines <count>", "how many lines to show", positive, 100)
    .addHelpText(
      "after",
      "\nExamples:\n  npm run sandbox -- logs\n  npm run sandbox -- logs -f app\n  npm run sandbox -- logs -n 20 daemon\n",
    )
    .action(async (name: string | undefined, options: LogsOptions) => {
      const { home } = sandboxContext();
      if (name === "daemon") await daemonLog(home, options);
      else if (name === undefined) await events(new ControlClient(await requireDaemon(home)), options);
      else await processLog(new ControlClient(await requireDaemon(home)), name, options);
    });
}

/** The daemon's own log is a file, so that it can be read when the daemon is dead. */
async function daemonLog(home: string, { follow, lines }: LogsOptions): Promise<void> {
  const file = join(home, "logs", "daemon.log");
  if (!existsSync(file)) throw new UserError("The daemon has not written a log yet.", [`file: ${file}`]);
  const text = readFileSync(file, "utf8");
  for (const line of text.trimEnd().split("\n").slice(-lines)) say(line);
  let read = Buffer.byteLength(text);
  while (follow === true) {
    await pause(FOLLOW_MS);
    const { size } = statSync(file);
    // A file that has become smaller was begun anew.
    if (size < read) read = 0;
    if (size === read) continue;
    const more = Buffer.alloc(size - read);
    const handle = openSync(file, "r");
    readSync(handle, more, 0, more.length, read);
    closeSync(handle);
    process.stdout.write(more);
    read = size;
  }
}

async function events(control: ControlClient, { follow, lines }: LogsOptions): Promise<void> {
  let [after, first] = [0, true];
  do {
    const found = await control.events(after);
    for (const { at, message } of first ? found.slice(-lines) : found) say(`${at}  ${message}`);
    after = found.at(-1)?.seq ?? after;
    first = false;
    if (follow === true) await pause(FOLLOW_MS);
  } while (follow === true);
}

async function processLog(control: ControlClient, given: string, { follow, lines }: LogsOptions): Promise<void> {
  const { processes } = await control.status();
  const name = processMeant(
    given,
    processes.map((process) => process.name),
  );
  let seen = splitLines(await control.logs(name, follow === true ? Math.max(lines, FOLLOW_LINES) : lines));
  for (const line of seen.slice(-lines)) say(line);
  while (follow === true) {
    await pause(FOLLOW_MS);
    const now = splitLines(await control.logs(name, Math.max(lines, FOLLOW_LINES)));
    for (const line of newLines(seen, now)) say(line);
    seen = now;
  }
}

/** What has come since: `now` is the window `seen` moved on by some lines. All of it when the two do not meet. */
export function newLines(seen: readonly string[], now: readonly string[]): readonly string[] {
  for (let gone = 0; gone < seen.length; gone++) {
    const kept = seen.length - gone;
    if (kept <= now.length && seen.slice(gone).every((line, index) => line === now[index])) return now.slice(kept);
  }
  return now;
}

function splitLines(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("Give a whole number from 1 upwards.");
  return value;
}
