import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { join, joinOf, leave } from "./address-joins.ts";
import { closeFreed, EIP, EIP_ASSOCIATION, settleDoor } from "./eip-doors.ts";
import { NETWORK_INTERFACE } from "./instance-network-interface.ts";
import { INSTANCE } from "./instance-server.ts";
import { attachedVpc, INTERNET_GATEWAY } from "./internet-gateway.ts";
import { NAT_GATEWAY } from "./nat-gateway.ts";
import { living, names, notFound } from "./network-errors.ts";
import { SUBNET } from "./subnet.ts";

/** The instance, if its network has a way to the internet. Throws EC2's error. */
export function requireReachable(operation: Operation, instanceId: string): Resource {
  const { world } = operation.cloud;
  const instance = living(operation, INSTANCE, instanceId);
  const vpcId = text(living(operation, SUBNET, text(instance.outputs, "subnetId")).outputs, "vpcId");
  if (!world.all(INTERNET_GATEWAY).some((gateway) => attachedVpc(world, gateway.id) === vpcId)) {
    throw new CloudError("Gateway.NotAttached", `Network ${vpcId} is not attached to any internet gateway`);
  }
  return instance;
}

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const address = addressOf(operation);
  const instance = requireReachable(operation, instanceIdOf(operation));
  const before = joinOf(cloud.world, address.id);
  const gateway = cloud.world.by(NAT_GATEWAY, "allocationId", address.id);
  const isElsewhere = before !== undefined && before.instanceId !== instance.id;
  if (gateway !== undefined || (isElsewhere && inputs["allowReassociation"] === false)) {
    const associationId = before?.associationId ?? text(gateway?.outputs ?? {}, "associationId");
    throw new CloudError(
      "Resource.AlreadyAssociated",
      `resource ${address.id} is already associated with associate-id ${associationId}`,
    );
  }
  const privateIp = text(instance.outputs, "privateIp");
  const asked = text(inputs, "privateIpAddress");
  if (asked !== "" && asked !== privateIp) {
    throw new CloudError(
      "InvalidParameterValue",
      `Address ${asked} is not assigned to ${instance.id}, which has ${privateIp} (${region})`,
    );
  }
  const id = newId("eipassoc");
  join(cloud.world, address.id, { instanceId: instance.id, associationId: id });
  return {
    id,
    outputs: {
      allocationId: address.id,
      instanceId: instance.id,
      networkInterfaceId: instance.outputs["primaryNetworkInterfaceId"],
      privateIpAddress: privateIp,
      publicIp: address.outputs["publicIp"],
    },
  };
}

function addressOf({ cloud, inputs, region }: Operation): Resource {
  const [id, publicIp] = [text(inputs, "allocationId"), text(inputs, "publicIp")];
  const found = cloud.world
    .all(EIP)
    .find((row) => row.region === region && (id === "" ? row.outputs["publicIp"] === publicIp : row.id === id));
  if (found !== undefined) return found;
  if (id !== "") throw notFound(EIP, id);
  if (publicIp === "") throw new CloudError("MissingParameter", "Either public IP or allocation id must be specified");
  throw new CloudError("InvalidAddress.NotFound", `Address '${publicIp}' not found.`);
}

/** An address can be joined to an instance, or to an instance's network interface, which comes to the same. */
function instanceIdOf({ cloud, inputs, region }: Operation): string {
  const [instanceId, faceId] = [text(inputs, "instanceId"), text(inputs, "networkInterfaceId")];
  if (instanceId !== "" && faceId !== "")
    throw new CloudError("InvalidParameterCombination", "You may specify an instance ID or a network interface ID, but not both");
  if (instanceId !== "") return instanceId;
  if (faceId === "") throw new CloudError("MissingParameter", "Either instance id or network interface id must be specified");
  const instance = cloud.world
    .all(INSTANCE)
    .find((row) => row.region === region && row.outputs["primaryNetworkInterfaceId"] === faceId);
  if (instance === undefined)
    throw new CloudError("InvalidInstanceID", `The network interface ${faceId} is attached to no instance`);
  return instance.id;
}

async function run(cloud: Cloud, association: Resource): Promise<undefined> {
  await settle(cloud, association);
  await closeFreed(cloud);
  return undefined;
}

async function settle(cloud: Cloud, association: Resource): Promise<void> {
  const address = cloud.world.get(EIP, text(association.outputs, "allocationId"), association.region);
  if (address !== undefined) await settleDoor(cloud, address);
}

/** Joins an Elastic IP to a server: its door leads to what the server's user data put on ports 80 and 443. */
export const eipAssociation: ResourceDefinition = {
  type: EIP_ASSOCIATION,
  replaceOn: ["allocationId", "allowReassociation", "instanceId", "networkInterfaceId", "privateIpAddress", "publicIp"],
  references: [names("allocationId", EIP), names("instanceId", INSTANCE), names("networkInterfaceId", NETWORK_INTERFACE)],
  create,
  remove: ({ world }, { id, outputs }) => leave(world, text(outputs, "allocationId"), id),
  run,
  halt: settle,
};
