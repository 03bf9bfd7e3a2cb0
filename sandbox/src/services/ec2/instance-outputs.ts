import type { Operation } from "../../core/definition.ts";
import { type Props, text, texts } from "../../core/values.ts";
import { isProps, type Launch, ROOT_DEVICES } from "./instance-launch.ts";
import { isBurstable, threadsPerCore } from "./instance-types.ts";
import { ec2Arn } from "./network-errors.ts";
import { privateDnsName, publicDnsName } from "./public-addresses.ts";

/** What an instance gets at its launch and keeps for its life. */
export interface Identity {
  readonly id: string;
  readonly interfaceId: string;
  readonly volumeId: string;
  readonly privateIp: string;
  readonly publicIp: string;
  readonly availabilityZone: string;
  readonly securityGroupIds: readonly string[];
}

/** Everything that the provider reads back of an instance, in its shapes and with EC2's defaults. */
export function instanceOutputs(operation: Operation, { inputs, launchTemplate }: Launch, identity: Identity): Props {
  const { region } = operation;
  const { id, interfaceId, privateIp, publicIp } = identity;
  const type = text(inputs, "instanceType");
  return {
    ...fixed,
    ...inputs,
    ...(launchTemplate && { launchTemplate: { ...launchTemplate } }),
    arn: ec2Arn(operation, `instance/${id}`),
    associatePublicIpAddress: publicIp !== "",
    availabilityZone: identity.availabilityZone,
    cpuOptions: cpuOptions(type, inputs),
    ...(isBurstable(type) && {
      creditSpecification: inputs["creditSpecification"] ?? { cpuCredits: type.startsWith("t2") ? "standard" : "unlimited" },
    }),
    maintenanceOptions: { autoRecovery: "default", ...nested(inputs, "maintenanceOptions") },
    metadataOptions: {
      httpEndpoint: "enabled",
      httpProtocolIpv6: "disabled",
      httpPutResponseHopLimit: 1,
      httpTokens: "optional",
      instanceMetadataTags: "disabled",
      ...nested(inputs, "metadataOptions"),
    },
    primaryNetworkInterface: { networkInterfaceId: interfaceId, deleteOnTermination: true },
    primaryNetworkInterfaceId: interfaceId,
    privateDns: privateDnsName(privateIp, region),
    privateIp,
    publicDns: publicDnsName(publicIp, region),
    publicIp,
    rootBlockDevice: rootBlockDevice(inputs, identity.volumeId),
    tagsAll: inputs["tagsAll"] ?? inputs["tags"] ?? {},
    vpcSecurityGroupIds: [...identity.securityGroupIds],
  };
}

/** What is the same for every instance that does not ask for something else. */
const fixed: Props = {
  capacityReservationSpecification: { capacityReservationPreference: "open" },
  disableApiStop: false,
  disableApiTermination: false,
  ebsBlockDevices: [],
  ebsOptimized: false,
  enclaveOptions: { enabled: false },
  ephemeralBlockDevices: [],
  getPasswordData: false,
  hibernation: false,
  hostId: "",
  iamInstanceProfile: "",
  instanceInitiatedShutdownBehavior: "stop",
  instanceLifecycle: "",
  instanceState: "running",
  ipv6AddressCount: 0,
  ipv6Addresses: [],
  keyName: "",
  monitoring: false,
  networkInterfaces: [],
  outpostArn: "",
  passwordData: "",
  placementGroup: "",
  placementGroupId: "",
  placementPartitionNumber: 0,
  privateDnsNameOptions: { enableResourceNameDnsARecord: false, enableResourceNameDnsAaaaRecord: false, hostnameType: "ip-name" },
  secondaryPrivateIps: [],
  securityGroups: [],
  sourceDestCheck: true,
  spotInstanceRequestId: "",
  tenancy: "default",
};

function cpuOptions(type: string, inputs: Props): Props {
  const threads = threadsPerCore(type);
  const size = type.split(".")[1] ?? "";
  // A size holds four virtual processors for each "x" of its name; what is smaller than xlarge has two (one for medium Graviton and less).
  const multiple = /^(\d*)xlarge$/.exec(size)?.[1];
  const processors = multiple === undefined ? 2 : 4 * Number(multiple === "" ? 1 : multiple);
  return {
    amdSevSnp: "",
    coreCount: Math.max(1, processors / threads),
    nestedVirtualization: "",
    threadsPerCore: threads,
    ...nested(inputs, "cpuOptions"),
  };
}

/** Amazon EBS User Guide: a gp3 volume has 3,000 IOPS and 125 MiB/s. Amazon Linux asks for 8 GiB. */
function rootBlockDevice(inputs: Props, volumeId: string): Props {
  const given = nested(inputs, "rootBlockDevice");
  const volumeType = text(given, "volumeType") || "gp3";
  const size = typeof given["volumeSize"] === "number" ? given["volumeSize"] : 8;
  const speed: Props = volumeType === "gp3" ? { iops: 3000, throughput: 125 } : { iops: Math.max(100, size * 3), throughput: 0 };
  return {
    deleteOnTermination: true,
    deviceName: ROOT_DEVICES[0] ?? "",
    encrypted: false,
    kmsKeyId: "",
    tags: {},
    tagsAll: {},
    ...speed,
    ...given,
    volumeSize: size,
    volumeType,
    volumeId,
  };
}

function nested(inputs: Props, name: string): Props {
  const value = inputs[name];
  return isProps(value) ? value : {};
}

/** The groups of an instance's launch: what it names, or none for the VPC's own. */
export function groupsOf({ inputs }: Launch): string[] {
  return texts(inputs, "vpcSecurityGroupIds");
}
