import { crc32 } from "node:zlib";
import { CloudError } from "../../core/definition.ts";
import type { Reference } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import type { World } from "../../core/world.ts";
import { given } from "../limits.ts";
import { canonicalIpv6, rangeOf } from "./cidr.ts";
import { INTERNET_GATEWAY, attachedVpc } from "./internet-gateway.ts";
import { names, notFound } from "./network-errors.ts";

const SERVED = ["gatewayId", "natGatewayId", "vpcEndpointId", "networkInterfaceId"] as const;
const UNSERVED = [
  "carrierGatewayId",
  "coreNetworkArn",
  "egressOnlyGatewayId",
  "localGatewayId",
  "odbNetworkArn",
  "transitGatewayId",
  "vpcPeeringConnectionId",
] as const;

/** What may be reached through each destination kind of a standalone route. */
export const DESTINATIONS = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"] as const;

/** The provider's rule: one destination and one target. Returns the fault. */
export function routeFault(inputs: Props, destinations: readonly string[]): string | undefined {
  const found = given(inputs, destinations);
  if (found.length !== 1) return `exactly one of ${destinations.join(", ")} must be given (given: ${found.join(", ") || "none"})`;
  const targets = given(inputs, [...SERVED, ...UNSERVED]);
  if (targets.length !== 1)
    return `exactly one target must be given, one of ${[...SERVED, ...UNSERVED].join(", ")} (given: ${targets.join(", ") || "none"})`;
  const [target] = targets;
  if (UNSERVED.some((name) => name === target))
    return `the target ${target ?? ""} is not served by the sandbox; it serves ${SERVED.join(", ")}`;
  return undefined;
}

/** The references of a route's targets; `under` is "" or a path such as `routes[].`. Deleting a target leaves a black hole, as on AWS. */
export function targetReferences(under: string): Reference[] {
  return [
    {
      path: `${under}gatewayId`,
      to: INTERNET_GATEWAY,
      missing: (id) =>
        id === "local" ? undefined : new CloudError("InvalidGatewayID.NotFound", `The gateway ID '${id}' does not exist`),
    },
    names(`${under}natGatewayId`, "aws:ec2/natGateway:NatGateway"),
    names(`${under}vpcEndpointId`, "aws:ec2/vpcEndpoint:VpcEndpoint"),
  ];
}

/** Refuses a target that hangs on another network than the table. */
export function refuseForeignTarget(world: World, tableId: string, vpcId: string, route: Props): void {
  const gateway = text(route, "gatewayId");
  if (gateway !== "" && gateway !== "local" && attachedVpc(world, gateway) !== vpcId) {
    throw new CloudError(
      "InvalidParameterValue",
      `route table ${tableId} and network gateway ${gateway} belong to different networks`,
    );
  }
  const nat = text(route, "natGatewayId");
  if (nat === "") return;
  const subnet = world.get(
    "aws:ec2/subnet:Subnet",
    text(world.get("aws:ec2/natGateway:NatGateway", nat)?.outputs ?? {}, "subnetId"),
  );
  if (subnet === undefined) throw notFound("aws:ec2/natGateway:NatGateway", nat);
  if (text(subnet.outputs, "vpcId") !== vpcId) {
    throw new CloudError("InvalidParameterValue", `route table ${tableId} and NAT gateway ${nat} belong to different networks`);
  }
}

/** One way of writing each destination, so that equal ones compare equal. */
export function destinationKey(route: Props): string {
  const ipv4 = text(route, "destinationCidrBlock") || text(route, "cidrBlock");
  if (ipv4 !== "") return `${rangeOf(ipv4).first}/${ipv4.split("/")[1] ?? ""}`;
  const ipv6 = text(route, "destinationIpv6CidrBlock") || text(route, "ipv6CidrBlock");
  return ipv6 === "" ? text(route, "destinationPrefixListId") : canonicalIpv6(ipv6);
}

/** The destination as written. */
export function destinationOf(route: Props): string {
  return [...DESTINATIONS, "cidrBlock", "ipv6CidrBlock"].map((name) => text(route, name)).find((value) => value !== "") ?? "";
}

/** The provider's id of a route: the table and the CRC-32 of the destination. */
export function routeId(tableId: string, destination: string): string {
  return `r-${tableId}${crc32(destination)}`;
}
