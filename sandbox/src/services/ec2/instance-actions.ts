import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { haltServer, runServer, stopServer } from "../../plane/workload-server.ts";
import { hasAddress } from "./address-joins.ts";
import { settleDoorOf } from "./eip-doors.ts";
import { isOut } from "./outages.ts";
import { INSTANCE, isRunning, requireStoppable, serverOf } from "./instance-server.ts";

/** How long a server that has run before may take until its programs take connections. */
const START_MS = 10_000;

/** What EC2 does to a running instance for somebody else, such as an alarm. */
export type InstanceAction = keyof typeof INSTANCE_ACTIONS;

/**
 * The actions by their names in ARNs. Each resolves when it is done; it rejects with EC2's error where the instance may not be touched so, and with what the
 * programs wrote where they do not answer again.
 */
export const INSTANCE_ACTIONS = {
  reboot: restart,
  /** Moves the instance to another host, where its system starts anew; the host of all is this machine. */
  recover: restart,
  stop,
} as const;

/** The running instance of that id. Throws EC2's error if there is none, or it does not run. */
export function runningInstance(cloud: Cloud, id: string, region: string): Resource {
  const instance = cloud.world.get(INSTANCE, id, region);
  if (instance === undefined || instance.phase === "deleting")
    throw new CloudError("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);
  if (isRunning(instance)) return instance;
  throw new CloudError(
    "IncorrectInstanceState",
    `The instance '${id}' is not in a state from which it can be stopped or started again: it does not run.`,
  );
}

async function restart(cloud: Cloud, instance: Resource): Promise<void> {
  if (isOut(cloud, instance))
    throw new CloudError("InternalError", `The instance '${instance.id}' does not answer: it is switched off by a fault`);
  await stopServer(cloud, instance);
  const current = (): Resource | undefined => cloud.world.get(INSTANCE, instance.id, instance.region);
  const before = current();
  if (before === undefined || !isRunning(before)) return;
  try {
    await runServer(cloud, serverOf(cloud, before), START_MS);
  } finally {
    // Who deleted or stopped the instance meanwhile found no programs to end.
    const now = current();
    if (now === undefined || now.phase === "deleting") await haltServer(cloud, instance);
    else if (!isRunning(now)) await stopServer(cloud, instance);
  }
}

async function stop(cloud: Cloud, instance: Resource): Promise<void> {
  requireStoppable(instance);
  // An address that EC2 chose goes back at a stop; an Elastic IP stays.
  const address = hasAddress(cloud.world, instance.id) ? {} : { publicIp: "", publicDns: "" };
  cloud.world.setOutputs(instance, { instanceState: "stopped", ...address });
  await stopServer(cloud, instance);
  await settleDoorOf(cloud, instance.id);
}
