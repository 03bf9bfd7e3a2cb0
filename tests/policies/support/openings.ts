import type { FixtureResource } from "./cases.ts";

/** The four ways in which the provider spells an opening of a security group to the inside. */
export const OPENINGS = ["SecurityGroup", "DefaultSecurityGroup", "SecurityGroupRule", "SecurityGroupIngressRule"] as const;

/** An opening. */
export interface OpeningCase {
  /** @default "tcp" */
  readonly protocol?: string;
  readonly from?: number;
  readonly to?: number;
  /** A range of addresses. */
  readonly source: unknown;
}

/** An opening in one of the spellings. */
export function openingOf(type: (typeof OPENINGS)[number], { from, protocol = "tcp", source, to }: OpeningCase): FixtureResource {
  const ports = { ...(from === undefined ? {} : { fromPort: from }), ...(to === undefined ? {} : { toPort: to }) };
  const isIpv6 = typeof source === "string" && source.includes(":");
  if (type === "SecurityGroupIngressRule")
    return [
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      { ipProtocol: protocol, ...ports, [isIpv6 ? "cidrIpv6" : "cidrIpv4"]: source },
    ];
  const inline = { protocol, ...ports, [isIpv6 ? "ipv6CidrBlocks" : "cidrBlocks"]: [source] };
  if (type === "SecurityGroupRule") return ["aws:ec2/securityGroupRule:SecurityGroupRule", { type: "ingress", ...inline }];
  return [
    type === "SecurityGroup" ? "aws:ec2/securityGroup:SecurityGroup" : "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    { ingress: [inline] },
  ];
}

const NO_OPENING = "nobody may come in";

/** Changes of an opening after which nobody comes in by it. */
export const NOBODY_COMES_IN: Readonly<Record<string, string>> = {
  "type: *": "no opening to the inside",
  "ingress: *": NO_OPENING,
  "ingress[0]: *": NO_OPENING,
  "*cidrBlocks: left out": NO_OPENING,
  "*cidrBlocks: empty": NO_OPENING,
  "*cidrBlocks[0]: left out": NO_OPENING,
  "*cidrBlocks[0]: empty": NO_OPENING,
  "cidrIpv*: left out": NO_OPENING,
  "cidrIpv*: empty": NO_OPENING,
};
