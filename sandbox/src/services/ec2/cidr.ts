import ipaddr from "ipaddr.js";
import type { Limit } from "../limits.ts";

/** First and last address of an IPv4 block, as numbers. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** The numeric range of `10.0.0.0/16`. Throws if it is not an IPv4 block. */
export function rangeOf(cidr: string): Range {
  const [address, prefix] = ipaddr.IPv4.parseCIDR(cidr);
  const size = 2 ** (32 - prefix);
  const value = address.toByteArray().reduce((sum, byte) => sum * 256 + byte, 0);
  const first = Math.floor(value / size) * size;
  return { first, last: first + size - 1 };
}

/** Whether two IPv4 blocks share an address. */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a.first <= b.last && b.first <= a.last;
}

/** Whether `inner` lies wholly within `outer`. */
export function within(inner: string, outer: string): boolean {
  const [a, b] = [rangeOf(inner), rangeOf(outer)];
  return a.first >= b.first && a.last <= b.last;
}

/** The address at that place of a block: 0 is the network address. */
export function addressAt(cidr: string, place: number): string {
  const value = rangeOf(cidr).first + place;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/** How many addresses a block has. */
export function sizeOf(cidr: string): number {
  const { first, last } = rangeOf(cidr);
  return last - first + 1;
}

/** An IPv4 block written by its network address, as the provider demands; `10.0.0.1/16` is told what was meant. */
export const ipv4Block: Limit = (value) => {
  if (typeof value !== "string" || !ipaddr.IPv4.isValidCIDRFourPartDecimal(value))
    return `${JSON.stringify(value)} is not a valid IPv4 CIDR block, such as "10.0.0.0/16"`;
  const meant = `${addressAt(value, 0)}/${value.split("/")[1] ?? ""}`;
  return meant === value ? undefined : `"${value}" is not a valid IPv4 CIDR block; did you mean "${meant}"?`;
};

/** One IPv4 address. */
export const ipv4Address: Limit = (value) =>
  typeof value === "string" && ipaddr.IPv4.isValidFourPartDecimal(value)
    ? undefined
    : `${JSON.stringify(value)} is not an IPv4 address, such as "10.0.0.10"`;

/** An IPv6 block written by its network address. */
export const ipv6Block: Limit = (value) => {
  if (typeof value !== "string" || !ipaddr.IPv6.isValidCIDR(value))
    return `${JSON.stringify(value)} is not a valid IPv6 CIDR block, such as "::/0"`;
  const [address, prefix] = ipaddr.IPv6.parseCIDR(value);
  const network = ipaddr.IPv6.networkAddressFromCIDR(value);
  if (network.toNormalizedString() === address.toNormalizedString()) return undefined;
  return `"${value}" is not a valid IPv6 CIDR block; did you mean "${network.toString()}/${prefix}"?`;
};

/** The same IPv6 block always written the same way. */
export function canonicalIpv6(cidr: string): string {
  const [address, prefix] = ipaddr.IPv6.parseCIDR(cidr);
  return `${address.toString()}/${prefix}`;
}

/** EC2 allows blocks from /16 to /28 for VPCs and subnets (Amazon VPC User Guide, "VPC CIDR blocks"). */
export const vpcSizedBlock: Limit = (value, inputs) => {
  const fault = ipv4Block(value, inputs);
  if (fault !== undefined || typeof value !== "string") return fault;
  const prefix = Number(value.split("/")[1]);
  return prefix >= 16 && prefix <= 28
    ? undefined
    : `"${value}" has the wrong size; allowed: /16 (65,536 addresses) to /28 (16 addresses)`;
};
