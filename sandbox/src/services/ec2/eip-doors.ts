import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { closeDoor, doorPort, forgetDoor, openDoor } from "../../plane/doors.ts";
import { runServer, wayIn } from "../../plane/workload-server.ts";
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
  await closeDoor(cloud, eip.id);
  for (const [name, local] of cloud.addresses.entries()) if (local.port === port) cloud.addresses.remove(name);
  forgetDoor(cloud, eip.id);
}

/** Opens the address's door, or lets it lead to another server. */
export async function leadDoor(cloud: Cloud, eip: Resource, instanceId: string): Promise<void> {
  const publicIp = text(eip.outputs, "publicIp");
  const instance = cloud.world.get(INSTANCE, instanceId, eip.region);
  if (instance === undefined) {
    await openDoor(cloud, eip.id, publicIp, `The server ${instanceId} behind this address is gone.`);
    return;
  }
  const server = serverOf(cloud, instance);
  const { target, domain } = await wayIn(cloud, server);
  await openDoor(cloud, eip.id, publicIp, target);
  if (domain === undefined || knows(cloud, domain)) return;
  const port = await doorPort(cloud, eip.id);
  for (const each of PUBLIC_PORTS) cloud.addresses.set(`${domain}:${each}`, { host: "127.0.0.1", port });
  await runServer(cloud, server, RESTART_MS).catch((error: unknown) => {
    cloud.note(error instanceof Error ? error.message : String(error));
  });
}

function knows(cloud: Cloud, domain: string): boolean {
  return PUBLIC_PORTS.every((port) => cloud.addresses.resolve(`${domain}:${port}`) !== undefined);
}

/** The instance that the address is joined to now: by the newest association, or by the address's own input; "" for none. */
export function instanceBehind(cloud: Cloud, eip: Resource, except?: Resource): string {
  const newest = cloud.world
    .all(EIP_ASSOCIATION)
    .findLast((row) => row.phase !== "deleting" && row.id !== except?.id && row.outputs["allocationId"] === eip.id);
  return text(newest?.outputs ?? eip.outputs, newest === undefined ? "instance" : "instanceId");
}
