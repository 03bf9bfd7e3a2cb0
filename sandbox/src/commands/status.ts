import type { Command } from "commander";
import pc from "picocolors";
import { sandboxContext, shown } from "./context.ts";
import { ControlClient, type DaemonInfo, type SandboxStatus } from "./control.ts";
import { findDaemon, isDaemonAlive, readDaemon } from "./daemon.ts";
import { addresses, megabytes, say, table } from "./output.ts";

export function addStatus(program: Command): void {
  program
    .command("status")
    .description("show what runs in the sandbox")
    .option("--json", "print everything the daemon knows, as JSON")
    .addHelpText("after", "\nExamples:\n  npm run sandbox -- status\n  npm run sandbox -- status --json\n")
    .action(status);
}

async function status({ json }: { json?: boolean }): Promise<void> {
  const { home } = sandboxContext();
  const daemon = await findDaemon(home);
  if (daemon === undefined) {
    process.exitCode = 3;
    if (json === true) say(JSON.stringify({ running: false }));
    else say(whyNotRunning(home));
    return;
  }
  const found = await new ControlClient(daemon).status();
  if (json === true)
    say(JSON.stringify({ running: true, consoleUrl: daemon.consoleUrl, apiUrl: daemon.apiUrl, ...found }, null, 2));
  else for (const line of describe(found, daemon)) say(line);
}

function whyNotRunning(home: string): string {
  const left = readDaemon(home);
  if (left === undefined) return "The sandbox is not running. Start it with: npm start";
  const pid = String(left.pid);
  return isDaemonAlive(left, home)
    ? `The sandbox daemon (process ${pid}) runs but does not answer. See ${shown(home)}/logs/daemon.log, or stop it with: npm run sandbox -- stop`
    : `The sandbox daemon (process ${pid}) has died. \`npm start\` starts it again with everything it had.`;
}

/** The status as people read it. */
export function describe(found: SandboxStatus, daemon: Pick<DaemonInfo, "pid" | "consoleUrl" | "startedAt">): string[] {
  const processes = found.processes.map((entry) => [
    entry.name,
    entry.state,
    entry.pid === null ? "-" : String(entry.pid),
    String(entry.restarts),
    megabytes(entry.memoryBytes),
  ]);
  const faults = found.faults.map((fault) => `  ${pc.yellow(fault.id)}  ${fault.description}`);
  return [
    `${pc.bold("Sandbox")} ${found.phase}, process ${String(daemon.pid)} since ${daemon.startedAt}, account ${found.account}`,
    ...addresses(found.doors, daemon.consoleUrl),
    "",
    `${String(found.resources.length)} resources${found.unclaimed.length > 0 ? `, ${String(found.unclaimed.length)} of them not yet in a stack` : ""}`,
    ...(processes.length > 0 ? ["", ...table([["PROCESS", "STATE", "PID", "RESTARTS", "MEMORY"], ...processes])] : []),
    ...(faults.length > 0 ? ["", "Faults at work (lift them with `npm run sandbox -- fault clear`):", ...faults] : []),
  ];
}
