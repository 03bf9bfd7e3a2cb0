import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { closeDoor, doorPort, forgetDoor, openDoor } from "../../plane/doors.ts";
import { claimName, hasDoor, unclaimNames } from "../../plane/name-doors.ts";
import { runServer, wayIn } from "../../plane/workload-server.ts";
import { joinOf } from "./address-joins.ts";
import { INSTANCE, serverOf } from "./instance-server.ts";

export const EIP = "aws:ec2/eip:Eip";
export const EIP_ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation";

/** A server that runs already is only started anew when its own address was not known to it before. */
const RESTART_MS = 20_000;
const PUBLIC_PORTS = [80, 443];

/** Remembers which local port stands behind the address, so that programs which are told the address are told the door instead. */
export async function reserveDoor(cloud: Cloud, eip: Resource): Promise<void> {
  const port = await doorPort(cloud, eip.id);
  for (const each of PUBLIC_PORTS) cloud.addresses.set(`${text(eip.outputs, "publicIp")}:${each}`, { host: "127.0.0.1", port });
}

/** Gives the address's door back, with all names for it. */
export async function releaseDoor(cloud: Cloud, eip: Resource): Promise<void> {
  const port = await doorPort(cloud, eip.id);
  await unclaimNames(cloud, text(eip.outputs, "publicIp"));
  await closeDoor(cloud, eip.id);
  for (const [name, local] of cloud.addresses.entries()) if (local.port === port) cloud.addresses.remove(name);
  forgetDoor(cloud, eip.id);
}

/** Opens the address's door, or lets it lead to another server. */
async function leadDoor(cloud: Cloud, eip: Resource, instanceId: string): Promise<void> {
  const publicIp = text(eip.outputs, "publicIp");
  const stand = { target: publicIp };
  const instance = cloud.world.get(INSTANCE, instanceId, eip.region);
  if (instance === undefined || instance.phase === "deleting") {
    await openDoor(cloud, eip.id, stand, `The server ${instanceId} behind this address is gone.`);
    return;
  }
  if (instance.outputs["instanceState"] === "stopped") {
    await openDoor(cloud, eip.id, stand, `The server ${instanceId} behind this address is stopped.`);
    return;
  }
  const server = serverOf(cloud, instance);
  const { target, domain } = await wayIn(cloud, server);
  await openDoor(cloud, eip.id, stand, target);
  if (domain === undefined) return;
  const isKnown = hasDoor(cloud, domain);
  await claimName(cloud, domain, publicIp);
  if (isKnown) return;
  await runServer(cloud, server, RESTART_MS).catch((error: unknown) => {
    cloud.note(error instanceof Error ? error.message : String(error));
  });
}

/** Makes the address's door lead to the instance that has the address now; without one it is closed. */
export async function settleDoor(cloud: Cloud, eip: Resource): Promise<void> {
  const joined = joinOf(cloud.world, eip.id);
  if (joined === undefined) await closeDoor(cloud, eip.id);
  else await leadDoor(cloud, eip, joined.instanceId);
}

/** Lets the door of an instance's address say that the instance is gone, or lead to it again. */
export async function settleDoorOf(cloud: Cloud, instanceId: string): Promise<void> {
  for (const address of cloud.world.all(EIP))
    if (joinOf(cloud.world, address.id)?.instanceId === instanceId) await settleDoor(cloud, address);
}

/** Closes the doors of addresses that an instance gave up when it took another. */
export async function closeFreed(cloud: Cloud): Promise<void> {
  for (const { id } of cloud.world.all(EIP)) if (joinOf(cloud.world, id) === undefined) await closeDoor(cloud, id);
}
