import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import type { Cloud } from "../core/cloud.ts";
import type { Unit } from "./cloud-init.ts";
import type { LocalImage } from "./images.ts";
import type { ProcessSpec } from "./supervisor.ts";
import { environmentOf, type Launch } from "./workload-environment.ts";

/** A container of a server, as a process of this machine. */
export interface Workload extends Launch {
  /** The id of the server that it runs on. */
  readonly owner: string;
  readonly unit: Unit;
  readonly image: LocalImage;
  /** Whether it listens, so that it counts as started only when it takes connections. */
  readonly listens: boolean;
}

/** The name of the process, and of its log: the unit and its server. */
export function workloadName(owner: string, unit: string): string {
  return `${unit}-${owner}`;
}

/**
 * Runs the program and resolves when it takes connections. Idempotent; a changed environment starts it anew. Rejects, with the last lines that it wrote, when
 * that takes longer than `patienceMs`; it is tried on and on all the same.
 */
export async function runWorkload(cloud: Cloud, workload: Workload, patienceMs: number): Promise<void> {
  const { image, owner, port, unit } = workload;
  mkdirSync(workload.homeFolder, { recursive: true });
  const spec: ProcessSpec = {
    name: workloadName(owner, unit.name),
    command: image.command,
    args: image.args,
    env: environmentOf(cloud, unit, image.environment, workload),
    cwd: image.folder,
    ready: { probe: workload.listens ? () => takesConnections(port) : () => Promise.resolve(true) },
    readyTimeoutMs: patienceMs,
    restart: unit.restart,
    // What `docker stop` sends.
    stopSignal: "SIGTERM",
    onLine: logDriver(cloud, workload),
  };
  await cloud.processes.run(spec);
}

/** What Docker's `awslogs` driver does: each line of output becomes an event of the unit's stream. */
function logDriver(cloud: Cloud, { unit: { name, logs } }: Workload): (line: string) => void {
  if (logs === undefined) return () => undefined;
  return (line) => {
    cloud.putLog(logs.group, logs.stream ?? name, line);
  };
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const tell = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => tell(true));
    socket.once("error", () => tell(false));
  });
}
