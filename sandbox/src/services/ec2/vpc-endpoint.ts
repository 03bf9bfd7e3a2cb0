import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { derived, newId } from "../../core/ids.ts";
import type { Props } from "../../core/values.ts";
import { text, texts } from "../../core/values.ts";
import { json, oneOf } from "../limits.ts";
import { ec2Arn, holds, living, names, quota } from "./network-errors.ts";
import { ROUTE_TABLE } from "./route-table.ts";
import { SECURITY_GROUP, differentNetworks, inSecurityGroup } from "./security-group.ts";
import { SUBNET } from "./subnet.ts";
import { VPC } from "./vpc.ts";

export const VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const EVERYTHING = { Version: "2008-10-17", Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] };

/** Only these are reached by a gateway (AWS PrivateLink Guide, "Gateway endpoints"). */
const GATEWAY_SERVICES = ["s3", "dynamodb"];

/** Everything named must lie in the endpoint's VPC. */
function checkNetwork(operation: Operation, vpcId: string): void {
  const { inputs } = operation;
  for (const [name, type] of [
    ["routeTableIds", ROUTE_TABLE],
    ["subnetIds", SUBNET],
    ["securityGroupIds", SECURITY_GROUP],
  ] as const) {
    for (const id of texts(inputs, name)) {
      if (text(living(operation, type, id).outputs, "vpcId") === vpcId) continue;
      if (type === SECURITY_GROUP) throw differentNetworks();
      throw new CloudError(
        "InvalidParameter",
        `${type === SUBNET ? "The subnet ID" : "Route table"} ${id} does not belong to ${vpcId}`,
      );
    }
  }
  const zones = texts(inputs, "subnetIds").map((id) => text(living(operation, SUBNET, id).outputs, "availabilityZone"));
  if (new Set(zones).size < zones.length) {
    throw new CloudError(
      "DuplicateSubnetsInSameZone",
      "Found another VPC endpoint subnet in the availability zone: give one subnet a zone",
    );
  }
}

function checkKind({ inputs, region }: Operation, kind: string, vpc: Props): void {
  const serviceName = text(inputs, "serviceName");
  const service = serviceName.split(".").at(-1) ?? "";
  if (!serviceName.startsWith(`com.amazonaws.${region}.`)) {
    throw new CloudError(
      "InvalidServiceName",
      `The Vpc Endpoint Service '${serviceName}' does not exist; services of this region start with com.amazonaws.${region}.`,
    );
  }
  if (kind === "Gateway") {
    if (!GATEWAY_SERVICES.includes(service)) {
      throw new CloudError(
        "InvalidParameter",
        `VPC endpoints of type 'Gateway' are not supported by the service '${serviceName}'; it takes 'Interface'.`,
      );
    }
    const misplaced = ["subnetIds", "securityGroupIds"].find((name) => texts(inputs, name).length > 0);
    if (misplaced !== undefined)
      throw new CloudError("InvalidParameter", `${misplaced} is not allowed for VPC endpoints of type 'Gateway'`);
    return;
  }
  if (texts(inputs, "routeTableIds").length > 0)
    throw new CloudError("InvalidParameter", "Route table IDs are only supported for Gateway type VPC Endpoints.");
  if (inputs["privateDnsEnabled"] === true && (vpc["enableDnsSupport"] !== true || vpc["enableDnsHostnames"] !== true)) {
    throw new CloudError(
      "InvalidParameter",
      "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true.",
    );
  }
}

/** What an endpoint's kind makes of it: a prefix list and routes, or interfaces with names. */
function shape({ inputs, region }: Operation, id: string, kind: string, vpc: Props): Props {
  const service = text(inputs, "serviceName").split(".").at(-1) ?? "";
  if (kind === "Gateway") {
    return {
      routeTableIds: inputs["routeTableIds"] ?? [],
      prefixListId: `pl-${derived(8, region, service)}`,
      dnsEntries: [],
      networkInterfaceIds: [],
      subnetIds: [],
      securityGroupIds: [],
    };
  }
  const subnets = texts(inputs, "subnetIds");
  return {
    routeTableIds: [],
    dnsEntries: [
      {
        dnsName: `${id}-${derived(8, id)}.${service}.${region}.vpce.amazonaws.com`,
        hostedZoneId: `Z${derived(13, region).toUpperCase()}`,
      },
    ],
    networkInterfaceIds: subnets.map((subnet) => `eni-0${derived(16, id, subnet)}`),
    subnetIds: subnets,
    securityGroupIds: inputs["securityGroupIds"] ?? [text(vpc, "defaultSecurityGroupId")],
  };
}

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const vpc = living(operation, VPC, text(inputs, "vpcId"));
  const kind = text(inputs, "vpcEndpointType");
  checkKind(operation, kind, vpc.outputs);
  checkNetwork(operation, vpc.id);
  const present = cloud.world
    .all(VPC_ENDPOINT)
    .filter((row) => row.region === region && text(row.outputs, "vpcEndpointType") === kind);
  const most = kind === "Gateway" ? 20 : 50;
  quota(present.length, most, "VpcEndpointLimitExceeded", `The maximum number of ${kind} VPC endpoints has been reached.`);
  const id = newId("vpce");
  return {
    id,
    outputs: {
      arn: ec2Arn(operation, `vpc-endpoint/${id}`),
      ownerId: cloud.account,
      state: "available",
      requesterManaged: false,
      cidrBlocks: [],
      ipAddressType: inputs["ipAddressType"] ?? (kind === "Gateway" ? "" : "ipv4"),
      privateDnsEnabled: inputs["privateDnsEnabled"] ?? false,
      policy: inputs["policy"] ?? JSON.stringify(EVERYTHING),
      ...shape(operation, id, kind, vpc.outputs),
    },
  };
}

/** A private way from a VPC to an AWS service. */
export const vpcEndpoint: ResourceDefinition = {
  type: VPC_ENDPOINT,
  replaceOn: ["serviceName", "vpcEndpointType", "vpcId"],
  defaults: { vpcEndpointType: "Gateway" },
  limits: { policy: json, vpcEndpointType: oneOf("Gateway", "Interface") },
  references: [
    holds("vpcId", VPC),
    names("routeTableIds[]", ROUTE_TABLE),
    holds("subnetIds[]", SUBNET),
    inSecurityGroup("securityGroupIds[]"),
  ],
  create,
  update: (operation, before) => {
    const vpc = living(operation, VPC, text(before.outputs, "vpcId"));
    const kind = text(before.outputs, "vpcEndpointType");
    checkKind(operation, kind, vpc.outputs);
    checkNetwork(operation, vpc.id);
    return {
      policy: operation.inputs["policy"] ?? JSON.stringify(EVERYTHING),
      ...shape(operation, before.id, kind, vpc.outputs),
    };
  },
};
