import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import type { World } from "../../core/world.ts";

/** Blocks that are kept for documentation (RFC 5737): nothing on the internet answers there, so a mix-up can do no harm. */
const BLOCKS = ["203.0.113", "198.51.100"];

/** The first public address that no resource has. */
export function freePublicAddress(world: World): string {
  const taken = new Set(world.all().map((row) => text(row.outputs, "publicIp")));
  for (const block of BLOCKS) {
    for (let last = 1; last < 255; last++) if (!taken.has(`${block}.${last}`)) return `${block}.${last}`;
  }
  throw new CloudError("InsufficientAddressCapacity", "Not enough available addresses to satisfy the requested address type.");
}

/** The name that EC2 gives a public address (Amazon VPC User Guide, "DNS attributes for your VPC"). */
export function publicDnsName(address: string, region: string): string {
  const zone = region === "us-east-1" ? "compute-1" : `${region}.compute`;
  return address === "" ? "" : `ec2-${address.replaceAll(".", "-")}.${zone}.amazonaws.com`;
}

/** The name that EC2 gives a private address. */
export function privateDnsName(address: string, region: string): string {
  const zone = region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
  return address === "" ? "" : `ip-${address.replaceAll(".", "-")}.${zone}`;
}
