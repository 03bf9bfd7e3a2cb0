import type { DefaultSecurityGroupArgs } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import type { SecurityGroupArgs } from "@pulumi/aws/ec2/securityGroup.js";
import type { SecurityGroupRuleArgs } from "@pulumi/aws/ec2/securityGroupRule.js";
import type { SecurityGroupIngressRuleArgs } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type { Check } from "../framework/check.ts";
import type { Property } from "../framework/property.ts";
import type { Resource } from "../framework/resource.ts";

/** One opening of a security group to the inside, in whichever of the provider's four spellings it was written. */
export interface Opening {
  /** Where it stands in the resource. */
  readonly at: Property<unknown>;
  readonly protocol: Property<string>;
  readonly from: Property<number>;
  readonly to: Property<number>;
  /** Ranges of addresses; security groups and prefix lists are not in it. */
  readonly sources: readonly Property<readonly string[] | string>[];
}

/** What the provider's inline rules have in common. */
interface Inline {
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidrBlocks?: string[];
  readonly ipv6CidrBlocks?: string[];
}

/** The `resources` of a rule that judges every opening to the inside, one by one. */
export function ofOpenings<Config>(judge: (opening: Opening, check: Check<Config>) => void) {
  const inline = (group: Resource<DefaultSecurityGroupArgs | SecurityGroupArgs>, check: Check<Config>): void => {
    check.each(group.at("ingress").as<readonly Inline[]>(), (rule) => {
      judge(openingOf(rule), check);
    });
  };
  return {
    "aws:ec2/securityGroup:SecurityGroup": inline,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": inline,
    "aws:ec2/securityGroupRule:SecurityGroupRule": (rule: Resource<SecurityGroupRuleArgs>, check: Check<Config>) => {
      if (rule.at("type").value === "ingress") judge(openingOf(rule.as<Inline>()), check);
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
      rule: Resource<SecurityGroupIngressRuleArgs>,
      check: Check<Config>,
    ) => {
      judge(
        {
          at: rule,
          protocol: rule.at("ipProtocol"),
          from: rule.at("fromPort"),
          to: rule.at("toPort"),
          sources: [rule.at("cidrIpv4"), rule.at("cidrIpv6")],
        },
        check,
      );
    },
  };
}

function openingOf(rule: Property<Inline>): Opening {
  return {
    at: rule,
    protocol: rule.at("protocol"),
    from: rule.at("fromPort"),
    to: rule.at("toPort"),
    sources: [rule.at("cidrBlocks"), rule.at("ipv6CidrBlocks")],
  };
}

/**
 * The first source that is every address there is, also where someone cut it in two halves (`0.0.0.0/1`). One that is not known
 * is reported.
 */
export function everyoneIn({ sources }: Pick<Opening, "sources">, { each }: Check<unknown>): string | undefined {
  let everyone: string | undefined;
  for (const source of sources)
    each(source, ({ value }) => {
      const bits = typeof value === "string" ? value.split("/")[1] : undefined;
      if (bits !== undefined && Number(bits) <= 1) everyone ??= value as string;
    });
  return everyone;
}

/** Whether it lets TCP or UDP through, and which ports: `all` where the protocol is `-1`. ICMP has types where TCP has ports. */
export function portsOf({
  from,
  protocol,
  to,
}: Pick<Opening, "from" | "protocol" | "to">): "all" | "none" | { readonly from: number; readonly to: number } {
  const name = (protocol.value ?? "-1").toLowerCase();
  if (["icmp", "icmpv6", "1", "58"].includes(name)) return "none";
  const first = from.value;
  if (name === "-1" || name === "all" || first === undefined || first === -1) return "all";
  return { from: first, to: to.value ?? first };
}

/** Ports as a message names them. */
export function spelt(ports: "all" | { readonly from: number; readonly to: number }): string {
  if (ports === "all") return "every port";
  return ports.from === ports.to ? `port ${String(ports.from)}` : `ports ${String(ports.from)}-${String(ports.to)}`;
}
