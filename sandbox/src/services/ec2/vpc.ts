import { CloudError } from "../../core/definition.ts";
import type { Cloud } from "../../core/cloud.ts";
import type { Operation, Resource, ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { oneOf } from "../limits.ts";
import { vpcSizedBlock } from "./cidr.ts";
import { dependencyViolation, ec2Arn, quota } from "./network-errors.ts";

export const VPC = "aws:ec2/vpc:Vpc";
const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";

/**
 * Puts the main route table and the default security group that every VPC is born with. Their inputs are empty and their URN too:
 * no program asked for them, so they do not keep the VPC from being deleted.
 */
function putDefaults(operation: Operation, vpcId: string): { readonly routeTable: string; readonly securityGroup: string } {
  const { world, account } = operation.cloud;
  const common = { urn: "", region: operation.region, inputs: {}, phase: "ready", claimed: true } as const;
  const routeTable = newId("rtb");
  world.put({
    ...common,
    type: ROUTE_TABLE,
    id: routeTable,
    outputs: {
      id: routeTable,
      vpcId,
      ownerId: account,
      arn: ec2Arn(operation, `route-table/${routeTable}`),
      routes: [],
      propagatingVgws: [],
      main: true,
    },
  });
  const securityGroup = newId("sg");
  world.put({
    ...common,
    type: SECURITY_GROUP,
    id: securityGroup,
    outputs: {
      id: securityGroup,
      vpcId,
      ownerId: account,
      arn: ec2Arn(operation, `security-group/${securityGroup}`),
      name: "default",
      description: "default VPC security group",
      ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }],
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: false, cidrBlocks: ["0.0.0.0/0"] }],
    },
  });
  return { routeTable, securityGroup };
}

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  quota(
    cloud.world.all(VPC).filter((vpc) => vpc.region === region).length,
    5,
    "VpcLimitExceeded",
    "The maximum number of VPCs has been reached.",
  );
  if (text(inputs, "cidrBlock") === "") {
    throw new CloudError(
      "MissingParameter",
      "The request must contain the parameter cidrBlock; address pools (ipv4IpamPoolId) are not served by the sandbox",
    );
  }
  const id = newId("vpc");
  const { routeTable, securityGroup } = putDefaults(operation, id);
  return {
    id,
    outputs: {
      arn: ec2Arn(operation, `vpc/${id}`),
      ownerId: cloud.account,
      mainRouteTableId: routeTable,
      defaultRouteTableId: routeTable,
      defaultSecurityGroupId: securityGroup,
      defaultNetworkAclId: newId("acl"),
      dhcpOptionsId: newId("dopt"),
      ipv6AssociationId: "",
      // The AWS provider reads both back as computed values.
      enableDnsHostnames: inputs["enableDnsHostnames"] ?? false,
      enableNetworkAddressUsageMetrics: inputs["enableNetworkAddressUsageMetrics"] ?? false,
    },
  };
}

function remove(cloud: Cloud, vpc: Resource): void {
  const { world } = cloud;
  const born = [
    world.get(ROUTE_TABLE, text(vpc.outputs, "defaultRouteTableId")),
    world.get(SECURITY_GROUP, text(vpc.outputs, "defaultSecurityGroupId")),
  ];
  for (const type of [ROUTE_TABLE, SECURITY_GROUP]) {
    const own = world.all(type).filter((row) => text(row.outputs, "vpcId") === vpc.id && !born.some((one) => one?.id === row.id));
    if (own.length > 0) throw dependencyViolation(vpc);
  }
  for (const row of born) if (row !== undefined) world.drop(row);
}

/** A virtual private cloud. */
export const vpc: ResourceDefinition = {
  type: VPC,
  replaceOn: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
  defaults: { enableDnsSupport: true, instanceTenancy: "default" },
  limits: { cidrBlock: vpcSizedBlock, instanceTenancy: oneOf("default", "dedicated") },
  create,
  remove,
};
