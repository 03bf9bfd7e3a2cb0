import type { Operation } from "../../core/definition.ts";
import { isProps, type Props, text, texts } from "../../core/values.ts";
import type { Launch } from "./instance-launch.ts";
import { isBurstable, processorsOf, threadsPerCore } from "./instance-types.ts";
import { ec2Arn } from "./network-errors.ts";
import { privateDnsName, publicDnsName } from "./public-addresses.ts";

/** What an instance gets at its launch and keeps for its life. */
export interface Identity {
  readonly id: string;
  readonly interfaceId: string;
  readonly rootBlockDevice: Props;
  /** How it answers for its metadata where its inputs don't say. */
  readonly metadataOptions: Props;
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
    metadataOptions: { ...metadataOptions, ...identity.metadataOptions, ...nested(inputs, "metadataOptions") },
    primaryNetworkInterface: { networkInterfaceId: interfaceId, deleteOnTermination: true },
    primaryNetworkInterfaceId: interfaceId,
    privateDns: privateDnsName(privateIp, region),
    privateIp,
    publicDns: publicDnsName(publicIp, region),
    publicIp,
    rootBlockDevice: identity.rootBlockDevice,
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

/** EC2's own answer where neither the region nor the image has a preference. */
const metadataOptions: Props = {
  httpEndpoint: "enabled",
  httpProtocolIpv6: "disabled",
  httpPutResponseHopLimit: 1,
  httpTokens: "optional",
  instanceMetadataTags: "disabled",
};

function cpuOptions(type: string, inputs: Props): Props {
  const threads = threadsPerCore(type);
  return {
    amdSevSnp: "",
    coreCount: processorsOf(type) / threads,
    nestedVirtualization: "",
    threadsPerCore: threads,
    ...nested(inputs, "cpuOptions"),
  };
}

/** The object under `name`; empty where there is none. */
export function nested(props: Props, name: string): Props {
  const value = props[name];
  return isProps(value) ? value : {};
}

/** The groups of an instance's launch: what it names, or none for the VPC's own. */
export function groupsOf({ inputs }: Launch): string[] {
  return texts(inputs, "vpcSecurityGroupIds");
}
