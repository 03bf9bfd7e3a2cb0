import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { oneOf } from "../limits.ts";
import { join, joinOf, leave } from "./address-joins.ts";
import { requireReachable } from "./eip-association.ts";
import { closeFreed, EIP, releaseDoor, reserveDoor, settleDoor } from "./eip-doors.ts";
import { INSTANCE } from "./instance-server.ts";
import { ec2Arn, names, quota } from "./network-errors.ts";
import { freePublicAddress, privateDnsName, publicDnsName } from "./public-addresses.ts";

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const present = cloud.world.all(EIP).filter((row) => row.region === region).length;
  // Amazon VPC User Guide, "Amazon VPC quotas".
  quota(present, 5, "AddressLimitExceeded", "The maximum number of addresses has been reached.");
  const unserved = ["address", "customerOwnedIpv4Pool", "ipamPoolId", "networkInterface"].find(
    (name) => text(inputs, name) !== "",
  );
  if (unserved !== undefined)
    throw new CloudError(
      "UnsupportedOperation",
      `The sandbox serves no address pools and joins addresses to instances only; leave out ${unserved}`,
    );
  const id = newId("eipalloc");
  const publicIp = freePublicAddress(cloud.world);
  return {
    id,
    outputs: {
      allocationId: id,
      arn: ec2Arn(operation, `elastic-ip/${id}`),
      carrierIp: "",
      customerOwnedIp: "",
      customerOwnedIpv4Pool: "",
      domain: "vpc",
      ipamPoolId: "",
      networkBorderGroup: region,
      ptrRecord: "",
      publicDns: publicDnsName(publicIp, region),
      publicIp,
      publicIpv4Pool: text(inputs, "publicIpv4Pool") || "amazon",
      tagsAll: inputs["tagsAll"] ?? inputs["tags"] ?? {},
      ...joined(operation, id),
    },
  };
}

/** The instance that the address's own input joins it to. An association is a resource of its own and shows itself there. */
function joined(operation: Operation, allocationId: string, before?: Resource): Props {
  const { cloud, inputs, region } = operation;
  const [now, was] = [text(inputs, "instance"), text(before?.inputs ?? {}, "instance")];
  const old = text(before?.outputs ?? {}, "associationId");
  if (now === "") {
    if (was !== "") leave(cloud.world, allocationId, old);
    return { associationId: "", instance: "", networkInterface: "", privateIp: "", privateDns: "" };
  }
  const instance = requireReachable(operation, now);
  const associationId = now === was ? old : newId("eipassoc");
  if (now !== was) join(cloud.world, allocationId, { instanceId: now, associationId });
  const privateIp = text(instance.outputs, "privateIp");
  return {
    associationId,
    instance: now,
    networkInterface: instance.outputs["primaryNetworkInterfaceId"],
    privateIp,
    privateDns: privateDnsName(privateIp, region),
  };
}

async function run(cloud: Cloud, eip: Resource): Promise<undefined> {
  await reserveDoor(cloud, eip);
  await settleDoor(cloud, eip);
  await closeFreed(cloud);
  return undefined;
}

/** A public address that stays. On this machine it is a door: a port of 127.0.0.1 that stays as well. */
export const eip: ResourceDefinition = {
  type: EIP,
  replaceOn: ["address", "domain", "networkBorderGroup", "publicIpv4Pool", "vpc"],
  limits: { domain: oneOf("vpc") },
  references: [names("instance", INSTANCE)],
  create,
  update: (operation, before) => joined(operation, before.id, before),
  remove: ({ world }, eip) => leave(world, eip.id, joinOf(world, eip.id)?.associationId ?? ""),
  run,
  halt: releaseDoor,
};
