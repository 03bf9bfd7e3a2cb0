import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, text } from "../../core/values.ts";
import { homeFolder } from "../../plane/workload-server.ts";
import type { Container, Programs } from "../ec2/instance-programs.ts";
import { memoryGibOf } from "../ec2/instance-types.ts";

const GIB = 1024 ** 3;

/** What a host's memory, disk and processes come to. */
export interface Host {
  readonly memory: Share;
  readonly disk: Share;
  readonly processes: readonly HostProcess[];
}

/** How much of something is used, in bytes. */
export interface Share {
  readonly total: number;
  readonly used: number;
}

/** A process as `ps` on the server would show it. */
export interface HostProcess {
  readonly name: string;
  readonly commandLine: string;
}

/** The metrics that can be measured here, by the agent's names: their value and unit. */
export const HOST_METRICS = {
  mem_available: { of: ({ memory }: Host) => memory.total - memory.used, unit: "Bytes" },
  mem_available_percent: { of: ({ memory }: Host) => 100 - percent(memory), unit: "Percent" },
  mem_total: { of: ({ memory }: Host) => memory.total, unit: "Bytes" },
  mem_used: { of: ({ memory }: Host) => memory.used, unit: "Bytes" },
  mem_used_percent: { of: ({ memory }: Host) => percent(memory), unit: "Percent" },
  disk_free: { of: ({ disk }: Host) => disk.total - disk.used, unit: "Bytes" },
  disk_total: { of: ({ disk }: Host) => disk.total, unit: "Bytes" },
  disk_used: { of: ({ disk }: Host) => disk.used, unit: "Bytes" },
  disk_used_percent: { of: ({ disk }: Host) => percent(disk), unit: "Percent" },
  procstat_lookup_pid_count: { of: ({ processes }: Host) => processes.length, unit: "Count" },
} as const;

/**
 * Looks at the instance as the agent on it would: the memory of its programs in that of its type, what they keep on disk in its root volume, and their
 * processes. A server's own system does not run here, so its share of each is missing.
 */
export async function hostOf(cloud: Cloud, instance: Resource, { apps, proxy }: Programs): Promise<Host> {
  const root = instance.outputs["rootBlockDevice"];
  const size = isProps(root) && typeof root["volumeSize"] === "number" ? root["volumeSize"] : 0;
  const total = memoryGibOf(text(instance.outputs, "instanceType")) * GIB;
  const used = apps.reduce((sum, { process }) => sum + (process?.memoryBytes ?? 0), 0);
  return {
    memory: { total, used: Math.min(total, used) },
    disk: { total: size * GIB, used: Math.min(size * GIB, await bytesBelow(homeFolder(cloud, instance.id))) },
    processes: [...apps, ...(proxy === undefined ? [] : [proxy])].filter(({ isUp }) => isUp).flatMap(processesOf),
  };
}

/** Docker runs one `containerd-shim` for each container, and the container's program below it. */
function processesOf({ program, commandLine }: Container): HostProcess[] {
  const shim = "containerd-shim-runc-v2";
  return [
    { name: shim, commandLine: `/usr/bin/${shim} -namespace moby -address /run/containerd/containerd.sock` },
    { name: program, commandLine },
  ];
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  let sum = 0;
  // A file may go while others are being looked at.
  for (const entry of entries) sum += (await lstat(join(folder, entry)).catch(() => undefined))?.size ?? 0;
  return sum;
}

function percent({ total, used }: Share): number {
  return total === 0 ? 0 : (100 * used) / total;
}
