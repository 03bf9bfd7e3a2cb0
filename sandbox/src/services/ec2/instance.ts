import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import { isProps, type Props, text, texts } from "../../core/values.ts";
import { haltServer, runServer, stopServer } from "../../plane/workload-server.ts";
import { keyReference } from "../kms/use.ts";
import { type Limit, oneOf, ofLength } from "../limits.ts";
import { ipv4Address } from "./cidr.ts";
import { addressAfterStop, alsoReplaceOn, planRestart, renewed, restartsFor } from "./instance-changes.ts";
import { settleDoorOf } from "./eip-doors.ts";
import { forgetCredits } from "./instance-credits.ts";
import { findProfile, resolveLaunch, templateOf } from "./instance-launch.ts";
import { amiId, disk, instanceType, metadataLimits, rootDisk, userDataLimits } from "./instance-limits.ts";
import { moveInterface, NETWORK_INTERFACE, putInterface } from "./instance-network-interface.ts";
import { groupsOf, type Identity, instanceOutputs, nested } from "./instance-outputs.ts";
import { changedRootVolume, rootVolume } from "./instance-root-volume.ts";
import { INSTANCE, launched, serverOf } from "./instance-server.ts";
import { living, names } from "./network-errors.ts";
import { isOut, requireCapacity } from "./outages.ts";
import { freePublicAddress } from "./public-addresses.ts";
import { encryptsByDefault, metadataDefaults } from "./region-settings.ts";
import { inSecurityGroup } from "./security-group.ts";
import { SUBNET } from "./subnet.ts";

/** How long a new server may take until its programs take connections; and one that has run before, whose start must not hold up the daemon's. */
const FIRST_START_MS = 60_000;
const LATER_START_MS = 10_000;

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, region } = operation;
  const template = templateOf(operation);
  const launch = resolveLaunch(operation, template);
  const profile = text(launch.inputs, "iamInstanceProfile");
  const subnet = living(operation, SUBNET, text(launch.inputs, "subnetId"));
  requireZone(launch.inputs, subnet);
  requireCapacity(cloud, text(subnet.outputs, "availabilityZone"), text(launch.inputs, "instanceType"));
  const face = putInterface(operation, {
    subnetId: subnet.id,
    securityGroupIds: groupsOf(launch),
    privateIp: text(launch.inputs, "privateIp"),
    description: "",
  });
  const isPublic = launch.inputs["associatePublicIpAddress"] ?? subnet.outputs["mapPublicIpOnLaunch"] ?? false;
  const id = newId("i");
  const identity: Identity = {
    id,
    interfaceId: face.id,
    rootBlockDevice: rootVolume(launch.inputs, newId("vol"), encryptsByDefault(cloud.world, region)),
    metadataOptions: metadataDefaults(cloud.world, region),
    privateIp: text(face.outputs, "privateIp"),
    publicIp: isPublic === true ? freePublicAddress(cloud.world) : "",
    availabilityZone: text(subnet.outputs, "availabilityZone"),
    securityGroupIds: texts(face.outputs, "securityGroups"),
  };
  launched(cloud).set(id, { userData: launch.userData, template: template ?? null });
  const named = profile === "" ? {} : { iamInstanceProfile: findProfile(cloud, profile).id };
  return { id, outputs: { ...instanceOutputs(operation, launch, identity), ...named } };
}

/**
 * Changes in place. A new type, and new user data, are given to it while it is stopped. Its user data ran once, at the launch: new ones change nothing else
 * until the instance is replaced.
 */
function update(operation: Operation, before: Resource): Props {
  const { cloud } = operation;
  const template = launched(cloud).get(before.id)?.["template"];
  const launch = resolveLaunch(operation, isProps(template) ? template : undefined);
  const profile = text(launch.inputs, "iamInstanceProfile");
  const groups = groupsOf(launch);
  const interfaceId = text(before.outputs, "primaryNetworkInterfaceId");
  if (groups.length > 0) moveInterface(operation, interfaceId, groups);
  const restarts = restartsFor(operation.inputs, launch, before);
  if (restarts) planRestart(cloud, before);
  const outputs = instanceOutputs(operation, launch, {
    id: before.id,
    interfaceId,
    rootBlockDevice: changedRootVolume(launch.inputs, nested(before.outputs, "rootBlockDevice")),
    metadataOptions: nested(before.outputs, "metadataOptions"),
    privateIp: text(before.outputs, "privateIp"),
    publicIp: restarts ? addressAfterStop(cloud, before) : text(before.outputs, "publicIp"),
    availabilityZone: text(before.outputs, "availabilityZone"),
    securityGroupIds: groups.length > 0 ? groups : texts(before.outputs, "vpcSecurityGroupIds"),
  });
  return {
    ...outputs,
    ...(profile !== "" && { iamInstanceProfile: findProfile(cloud, profile).id }),
    // One that was stopped (by an alarm, say) is not started by a change that needs no stop.
    ...(!restarts && { instanceState: before.outputs["instanceState"] }),
  };
}

function requireZone(inputs: Props, subnet: Resource): void {
  const [asked, zone] = [text(inputs, "availabilityZone"), text(subnet.outputs, "availabilityZone")];
  if (asked === "" || asked === zone) return;
  throw new CloudError("InvalidParameterValue", `The subnet ${subnet.id} is in the availability zone ${zone}, not in ${asked}`);
}

async function run(cloud: Cloud, instance: Resource): Promise<undefined> {
  const isNew = instance.phase === "creating";
  const { restart, ...known } = launched(cloud).get(instance.id) ?? {};
  if (instance.outputs["instanceState"] === "stopped" || isOut(cloud, instance)) return undefined;
  if (restart === true) {
    await stopServer(cloud, instance);
    launched(cloud).set(instance.id, known);
  }
  try {
    await runServer(cloud, serverOf(cloud, instance), isNew ? FIRST_START_MS : LATER_START_MS);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // EC2 would call it running. Here the old server stays in front instead, and whoever waits learns why.
    if (isNew) throw new CloudError("ServerDoesNotAnswer", message);
    cloud.note(message);
  }
  return undefined;
}

function remove(cloud: Cloud, instance: Resource): void {
  if (instance.outputs["disableApiTermination"] === true && instance.inputs["forceDestroy"] !== true) {
    throw new CloudError(
      "OperationNotPermitted",
      `The instance '${instance.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
    );
  }
  const face = cloud.world.get(NETWORK_INTERFACE, text(instance.outputs, "primaryNetworkInterfaceId"), instance.region);
  if (face !== undefined) cloud.world.drop(face);
}

const ownInterface: Limit = () =>
  "the sandbox attaches no other network interfaces: an instance brings one of its own; give subnetId";

/** A virtual server: the containers that its user data start are processes of this machine. */
export const instance: ResourceDefinition = {
  type: INSTANCE,
  replaceOn: [
    "ami",
    "associatePublicIpAddress",
    "availabilityZone",
    "cpuCoreCount",
    "cpuOptions.amdSevSnp",
    "cpuOptions.coreCount",
    "cpuOptions.threadsPerCore",
    "cpuThreadsPerCore",
    "ebsBlockDevices.deleteOnTermination",
    "ebsBlockDevices.deviceName",
    "ebsBlockDevices.encrypted",
    "ebsBlockDevices.iops",
    "ebsBlockDevices.kmsKeyId",
    "ebsBlockDevices.snapshotId",
    "ebsBlockDevices.throughput",
    "ebsBlockDevices.volumeSize",
    "ebsBlockDevices.volumeType",
    "ebsOptimized",
    "enclaveOptions.enabled",
    "ephemeralBlockDevices",
    "hibernation",
    "hostId",
    "instanceMarketOptions",
    "ipv6Addresses",
    "keyName",
    "launchTemplate",
    "networkInterfaces.deleteOnTermination",
    "networkInterfaces.deviceIndex",
    "networkInterfaces.networkCardIndex",
    "networkInterfaces.networkInterfaceId",
    "placementGroup",
    "placementPartitionNumber",
    "privateDnsNameOptions",
    "privateIp",
    "rootBlockDevice.encrypted",
    "rootBlockDevice.kmsKeyId",
    "securityGroups",
    "subnetId",
    "tenancy",
  ],
  alsoReplaceOn,
  renewed,
  defaults: { getPasswordData: false, sourceDestCheck: true, userDataReplaceOnChange: false },
  limits: {
    ami: amiId,
    instanceType,
    iamInstanceProfile: ofLength(1, 128),
    instanceInitiatedShutdownBehavior: oneOf("stop", "terminate"),
    ...metadataLimits,
    networkInterfaces: ownInterface,
    primaryNetworkInterface: ownInterface,
    secondaryNetworkInterfaces: ownInterface,
    privateIp: ipv4Address,
    rootBlockDevice: rootDisk,
    "ebsBlockDevices[]": disk,
    tenancy: oneOf("default", "dedicated", "host"),
    ...userDataLimits,
  },
  // The network interface holds the subnet and the groups; these say only that they must exist.
  references: [
    names("subnetId", SUBNET),
    inSecurityGroup("vpcSecurityGroupIds[]"),
    ...["rootBlockDevice.kmsKeyId", "ebsBlockDevices[].kmsKeyId"].map((path) =>
      keyReference(path, (key) => new CloudError("InvalidKmsKey.NotFound", `The specified KMS key ${key} does not exist`)),
    ),
  ],
  releasedBy: { disableApiTermination: false },
  create,
  update,
  remove,
  run,
  halt: async (cloud, { id }) => {
    await haltServer(cloud, { id });
    launched(cloud).delete(id);
    forgetCredits(cloud, id);
    await settleDoorOf(cloud, id);
  },
};
