import { CloudError } from "../../core/definition.ts";
import type { Operation, Reference, Resource } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";

// Codes and wording: Amazon EC2 API Reference, "Error codes for the Amazon EC2 API".

const NOT_FOUND: Readonly<Record<string, readonly [code: string, noun: string]>> = {
  "aws:ec2/vpc:Vpc": ["InvalidVpcID.NotFound", "vpc ID"],
  "aws:ec2/subnet:Subnet": ["InvalidSubnetID.NotFound", "subnet ID"],
  "aws:ec2/securityGroup:SecurityGroup": ["InvalidGroup.NotFound", "security group"],
  "aws:ec2/routeTable:RouteTable": ["InvalidRouteTableID.NotFound", "routeTable ID"],
  "aws:ec2/internetGateway:InternetGateway": ["InvalidInternetGatewayID.NotFound", "internetGateway ID"],
  "aws:ec2/natGateway:NatGateway": ["NatGatewayNotFound", "NAT gateway"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["InvalidVpcEndpointId.NotFound", "Vpc Endpoint Id"],
  "aws:ec2/eip:Eip": ["InvalidAllocationID.NotFound", "allocation ID"],
  "aws:ec2/instance:Instance": ["InvalidInstanceID.NotFound", "instance ID"],
  "aws:ebs/volume:Volume": ["InvalidVolume.NotFound", "volume"],
};

/** EC2's answer to an id that names nothing, such as `InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist`. */
export function notFound(type: string, id: string): CloudError {
  const [code, noun] = NOT_FOUND[type] ?? ["InvalidParameterValue", "ID"];
  return new CloudError(code, `The ${noun} '${id}' does not exist`);
}

/** An input that must name a living resource of that type. It does not keep the target from being deleted. */
export function names(path: string, to: string): Reference {
  return { path, to, missing: (id) => notFound(to, id) };
}

/** Like {@link names}, and the target cannot be deleted while this resource stands (`DependencyViolation`). */
export function holds(path: string, to: string): Reference {
  return { ...names(path, to), inUse: dependencyViolation };
}

/** EC2's refusal to delete `target`. */
export function dependencyViolation(target: Resource, _holder?: Resource): CloudError {
  const noun = { "aws:ec2/vpc:Vpc": "vpc", "aws:ec2/subnet:Subnet": "subnet", "aws:ec2/routeTable:RouteTable": "routeTable" }[
    target.type
  ];
  if (noun === undefined) return new CloudError("DependencyViolation", `resource ${target.id} has a dependent object`);
  return new CloudError("DependencyViolation", `The ${noun} '${target.id}' has dependencies and cannot be deleted.`);
}

/** Refuses one more than an account may have. Numbers: Amazon VPC User Guide, "Amazon VPC quotas" (defaults). */
export function quota(present: number, most: number, code: string, message: string): void {
  if (present >= most) throw new CloudError(code, `${message} (quota: ${most})`);
}

/** An EC2 ARN of this operation's account and region. */
export function ec2Arn(operation: Pick<Operation, "cloud" | "region">, resource: string): string {
  return arn("ec2", operation.region, operation.cloud.account, resource);
}

/** A resource that a reference has found already; EC2's error should it have gone meanwhile. */
export function living(operation: Operation, type: string, id: string): Resource {
  const found = operation.cloud.world.get(type, id, operation.region);
  if (found === undefined) throw notFound(type, id);
  return found;
}
