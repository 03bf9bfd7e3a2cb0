import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { SecurityGroupRule } from "@pulumi/aws/ec2/securityGroupRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { about, validateEach } from "../../shared/check.ts";
import { fsbp } from "../../shared/framework.ts";

/** What the whole internet may reach: plain HTTP (to be redirected) and TLS. */
const WEB_PORTS: readonly number[] = [80, 443];

/** ICMP has types where TCP has ports; answering a ping reaches no service. */
const PORTLESS: readonly string[] = ["icmp", "icmpv6", "1", "58"];

/** One opening, in whichever of the provider's four spellings it was written. */
interface Opening {
  readonly protocol: string | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly sources: readonly (string | undefined)[];
}

export const onlyWebPortsOpenToAnyone: ResourceValidationPolicy = {
  name: "only-web-ports-open-to-anyone",
  description:
    "No database, cache or remote shell can be reached from the whole internet: a security group opens only ports 80 and 443 to everyone.",
  enforcementLevel: "mandatory",
  severity: "critical",
  tags: ["network", "exposure"],
  framework: fsbp("EC2.18"),
  remediationSteps: "Name the security group (referencedSecurityGroupId) or the narrow address range that has to reach the port.",
  configSchema: {
    properties: {
      ports: {
        type: "array",
        items: { type: "integer" },
        default: [...WEB_PORTS],
        description: "Ports that may be open to everyone.",
      },
    },
  },
  validateResource: validateEach(
    about(SecurityGroupIngressRule, (rule, args) =>
      judge({ protocol: rule.ipProtocol, from: rule.fromPort, to: rule.toPort, sources: [rule.cidrIpv4, rule.cidrIpv6] }, args),
    ),
    about(SecurityGroupRule, (rule, args) =>
      rule.type === "ingress"
        ? judge(
            {
              protocol: rule.protocol,
              from: rule.fromPort,
              to: rule.toPort,
              sources: [...(rule.cidrBlocks ?? []), ...(rule.ipv6CidrBlocks ?? [])],
            },
            args,
          )
        : undefined,
    ),
    about(SecurityGroup, (group, args) => (group.ingress ?? []).flatMap((rule) => judge(inline(rule), args) ?? [])),
    about(DefaultSecurityGroup, (group, args) => (group.ingress ?? []).flatMap((rule) => judge(inline(rule), args) ?? [])),
  ),
};

interface InlineRule {
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidrBlocks?: string[] | undefined;
  readonly ipv6CidrBlocks?: string[] | undefined;
}

function inline(rule: InlineRule): Opening {
  return {
    protocol: rule.protocol,
    from: rule.fromPort,
    to: rule.toPort,
    sources: [...(rule.cidrBlocks ?? []), ...(rule.ipv6CidrBlocks ?? [])],
  };
}

function judge(opening: Opening, args: ResourceValidationArgs): string | undefined {
  const everyone = opening.sources.find(isEveryone);
  if (everyone === undefined) return undefined;
  const { ports = WEB_PORTS } = args.getConfig<{ ports?: readonly number[] }>();
  const { protocol = "-1", from, to } = opening;
  if (PORTLESS.includes(protocol)) return undefined;
  const allowed = protocol !== "-1" && from !== undefined && from === (to ?? from) && ports.includes(from);
  return allowed
    ? undefined
    : `${everyone} may reach ${range(protocol, from, to)}; everyone may reach only: ${ports.join(", ")}.`;
}

/** A range of every address there is, also where someone cut it in two halves (`0.0.0.0/1`). */
function isEveryone(cidr: string | undefined): boolean {
  const bits = cidr?.split("/")[1];
  return bits !== undefined && Number(bits) <= 1;
}

function range(protocol: string, from: number | undefined, to: number | undefined): string {
  if (protocol === "-1" || from === undefined || from === -1) return "every port";
  return to === undefined || from === to ? `port ${String(from)}` : `ports ${String(from)}-${String(to)}`;
}
