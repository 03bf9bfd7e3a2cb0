import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import type { Space } from "../../core/world.ts";
import { INSTANCE } from "../ec2/instance-server.ts";
import { SUBNET } from "../ec2/subnet.ts";

/** A server that is registered with a target group, at one of its ports. */
export interface RegisteredTarget {
  readonly id: string;
  readonly port: number;
  /** The Availability Zone of the server. */
  readonly zone: string;
}

/** The targets of a group, in the order of their names. */
export function registeredTargets(cloud: Cloud, group: string): RegisteredTarget[] {
  return kept(cloud)
    .entries(`${group} `)
    .map(([, target]) => ({ id: text(target, "id"), port: Number(target["port"]), zone: text(target, "zone") }));
}

/**
 * Remembers a server as a target of the group; at the group's own port unless another is given. The same again is fine. Throws the errors of Elastic Load
 * Balancing for a server that can't be one.
 */
export function rememberTarget(cloud: Cloud, group: Resource, id: string, port?: number): RegisteredTarget {
  const server = cloud.world.get(INSTANCE, id, group.region);
  if (server === undefined || server.phase === "deleting" || server.outputs["instanceState"] === "stopped") {
    throw invalidTarget(`The following targets are not in a running state and cannot be registered: '${id}'`);
  }
  const subnet = cloud.world.get(SUBNET, text(server.outputs, "subnetId"), group.region);
  const vpcId = text(group.outputs, "vpcId");
  if (text(subnet?.outputs ?? {}, "vpcId") !== vpcId)
    throw invalidTarget(`The following targets are not in the target group VPC '${vpcId}': '${id}'`);
  const target = { id, port: port ?? Number(group.outputs["port"]), zone: text(server.outputs, "availabilityZone") };
  kept(cloud).set(`${group.id} ${id}:${target.port}`, { ...target });
  return target;
}

/** Forgets a target; an unknown one is fine. */
export function forgetTarget(cloud: Cloud, group: string, id: string, port: number): void {
  kept(cloud).delete(`${group} ${id}:${port}`);
}

/** Forgets the targets of a group whose servers are terminated, as Elastic Load Balancing does by itself, and says whether there were any. */
export function forgetTerminated(cloud: Cloud, group: Resource): boolean {
  const gone = registeredTargets(cloud, group.id).filter(({ id }) => cloud.world.get(INSTANCE, id, group.region) === undefined);
  for (const { id, port } of gone) forgetTarget(cloud, group.id, id, port);
  return gone.length > 0;
}

/** Forgets every target of a group. */
export function forgetTargets(cloud: Cloud, group: string): void {
  for (const [key] of kept(cloud).entries(`${group} `)) kept(cloud).delete(key);
}

function kept(cloud: Cloud): Space<Props> {
  return cloud.world.space<Props>("elbv2-target");
}

function invalidTarget(message: string): CloudError {
  return new CloudError("InvalidTarget", message);
}
