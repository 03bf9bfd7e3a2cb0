import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunningControl, startControl } from "../../../../sandbox/src/control/control.ts";
import { FaultBoard } from "../../../../sandbox/src/control/faults.ts";
import type { DaemonInfo } from "../../../../sandbox/src/control/shapes.ts";
import { sandboxVersion } from "../../../../sandbox/src/version.ts";
import { LOGS, STATUS, TOKEN } from "./world.ts";

// A daemon with the real control API and no cloud behind it, for tests of the commands that speak to it.
const home = process.env["SANDBOX_HOME"] ?? "";
if (process.env["STAND_IN_BROKEN"] !== undefined) {
  process.stderr.write("the world is damaged\n");
  process.exit(1);
}
const faults = new FaultBoard({
  kill: (name) => {
    if (!STATUS.processes.some((process) => process.name === name)) throw new Error(`no process is called ${name}`);
  },
});
const running: { control?: RunningControl } = {};
const end = (): void => void running.control?.close().then(() => process.exit(0));
process.on("SIGTERM", end);
running.control = await startControl({
  token: TOKEN,
  status: () => ({ ...STATUS, faults: faults.list() }),
  events: (after) =>
    [
      { seq: 1, at: "2026-11-24T09:30:00.000Z", message: "the sandbox has started" },
      { seq: 2, at: "2026-11-24T09:30:01.000Z", message: "app answers" },
    ].filter(({ seq }) => seq > after),
  logs: (name, lines) => LOGS[name]?.slice(-lines),
  faults,
  release: () => 0,
  stop: end,
});
const info: DaemonInfo = {
  pid: process.pid,
  startedAt: "2026-11-24T09:30:00.000Z",
  providerPorts: { aws: 1 },
  apiUrl: "http://127.0.0.1:1",
  consoleUrl: "http://127.0.0.1:1/?token=key",
  controlUrl: running.control.url,
  token: TOKEN,
  version: process.env["STAND_IN_VERSION"] ?? sandboxVersion(),
};
mkdirSync(home, { recursive: true });
writeFileSync(join(home, "daemon.json.part"), JSON.stringify(info));
renameSync(join(home, "daemon.json.part"), join(home, "daemon.json"));
