import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import { type Props, text, texts } from "../../core/values.ts";
import { UserDataError } from "../../plane/cloud-init-error.ts";
import { haltServer, planServer, runServer } from "../../plane/workload-server.ts";
import { between, oneOf, ofLength } from "../limits.ts";
import { findProfile, isProps, type Launch, resolveLaunch, templateOf } from "./instance-launch.ts";
import { amiId, instanceType } from "./instance-limits.ts";
import { moveInterface, NETWORK_INTERFACE, putInterface } from "./instance-network-interface.ts";
import { groupsOf, type Identity, instanceOutputs } from "./instance-outputs.ts";
import { INSTANCE, launched, serverOf } from "./instance-server.ts";
import { holds, living, names } from "./network-errors.ts";
import { freePublicAddress } from "./public-addresses.ts";
import { inSecurityGroup } from "./security-group.ts";
import { SUBNET } from "./subnet.ts";

/** How long a new server may take until its programs take connections; and one that has run before, whose start must not hold up the daemon's. */
const FIRST_START_MS = 60_000;
const LATER_START_MS = 10_000;

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud } = operation;
  const template = templateOf(operation);
  const launch = resolveLaunch(operation, template);
  requirePlayable(cloud, launch);
  const profile = text(launch.inputs, "iamInstanceProfile");
  const subnet = living(operation, SUBNET, text(launch.inputs, "subnetId"));
  requireZone(launch.inputs, subnet);
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
    volumeId: newId("vol"),
    privateIp: text(face.outputs, "privateIp"),
    publicIp: isPublic === true ? freePublicAddress(cloud.world) : "",
    availabilityZone: text(subnet.outputs, "availabilityZone"),
    securityGroupIds: texts(face.outputs, "securityGroups"),
  };
  launched(cloud).set(id, { userData: launch.userData, template: template ?? null });
  const named = profile === "" ? {} : { iamInstanceProfile: findProfile(cloud, profile).id };
  return { id, outputs: { ...instanceOutputs(operation, launch, identity), ...named } };
}

/** User data run once, at the launch: new ones are remembered and change nothing until the instance is replaced. */
function update(operation: Operation, before: Resource): Props {
  const { cloud, inputs } = operation;
  if (
    inputs["userDataReplaceOnChange"] === true &&
    ["userData", "userDataBase64"].some((name) => inputs[name] !== before.inputs[name])
  ) {
    throw new CloudError(
      "UnsupportedOperation",
      `The sandbox cannot tell the engine in time that ${before.id} must be replaced for its new user data. Give the resource the option replaceOnChanges: ["userData", "userDataBase64"] in place of userDataReplaceOnChange.`,
    );
  }
  const template = launched(cloud).get(before.id)?.["template"];
  const launch = resolveLaunch(operation, isProps(template) ? template : undefined);
  const profile = text(launch.inputs, "iamInstanceProfile");
  const groups = groupsOf(launch);
  const interfaceId = text(before.outputs, "primaryNetworkInterfaceId");
  if (groups.length > 0) moveInterface(operation, interfaceId, groups);
  const disk = before.outputs["rootBlockDevice"];
  const outputs = instanceOutputs(operation, launch, {
    id: before.id,
    interfaceId,
    volumeId: isProps(disk) ? text(disk, "volumeId") : "",
    privateIp: text(before.outputs, "privateIp"),
    publicIp: text(before.outputs, "publicIp"),
    availabilityZone: text(before.outputs, "availabilityZone"),
    securityGroupIds: groups.length > 0 ? groups : texts(before.outputs, "vpcSecurityGroupIds"),
  });
  return { ...outputs, ...(profile !== "" && { iamInstanceProfile: findProfile(cloud, profile).id }) };
}

function requirePlayable(cloud: Cloud, { userData }: Launch): void {
  try {
    planServer(cloud.project, userData);
  } catch (error) {
    if (!(error instanceof UserDataError)) throw error;
    const [first, ...more] = error.faults;
    const faults = more.length === 0 ? ` ${first ?? ""}` : error.faults.map((fault) => `\n  - ${fault}`).join("");
    throw new CloudError("UnsupportedUserData", `the sandbox cannot run this server's user data:${faults}`);
  }
}

function requireZone(inputs: Props, subnet: Resource): void {
  const [asked, zone] = [text(inputs, "availabilityZone"), text(subnet.outputs, "availabilityZone")];
  if (asked === "" || asked === zone) return;
  throw new CloudError("InvalidParameterValue", `The subnet ${subnet.id} is in the availability zone ${zone}, not in ${asked}`);
}

async function run(cloud: Cloud, instance: Resource): Promise<undefined> {
  const isNew = instance.phase === "creating";
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
  defaults: { getPasswordData: false, sourceDestCheck: true, userDataReplaceOnChange: false },
  limits: {
    ami: amiId,
    instanceType,
    iamInstanceProfile: ofLength(1, 128),
    instanceInitiatedShutdownBehavior: oneOf("stop", "terminate"),
    "metadataOptions.httpTokens": oneOf("optional", "required"),
    "metadataOptions.httpPutResponseHopLimit": between(1, 64),
    "rootBlockDevice.volumeSize": between(1, 65_536),
    tenancy: oneOf("default", "dedicated", "host"),
  },
  // The network interface holds the subnet and the groups; these say only that they must exist.
  references: [
    names("subnetId", SUBNET),
    inSecurityGroup("vpcSecurityGroupIds[]"),
    holds("networkInterfaces[].networkInterfaceId", NETWORK_INTERFACE),
  ],
  releasedBy: { disableApiTermination: false },
  create,
  update,
  remove,
  run,
  halt: async (cloud, { id }) => {
    await haltServer(cloud, { id });
    launched(cloud).delete(id);
  },
};
