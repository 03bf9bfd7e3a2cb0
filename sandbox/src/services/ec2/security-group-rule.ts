import { CloudError } from "../../core/definition.ts";
import type { Operation, Resource, ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import type { Props, Value } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import { given, ofLength, shown } from "../limits.ts";
import { canonicalIpv6, ipv4Block, ipv6Block } from "./cidr.ts";
import { ec2Arn, holds, quota } from "./network-errors.ts";
import { protocolFault } from "./security-group-protocol.ts";
import { MOST_RULES, SECURITY_GROUP, differentNetworks, groupOf, ofSecurityGroup } from "./security-group.ts";

const PEERS = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"] as const;

function ruleFault(protocol: Value, inputs: Props): string | undefined {
  const peers = given(inputs, PEERS);
  if (peers.length !== 1) return `exactly one of ${PEERS.join(", ")} must be given (given: ${peers.join(", ") || "none"})`;
  return protocolFault(typeof protocol === "string" ? protocol : shown(protocol), inputs["fromPort"], inputs["toPort"], false);
}

const protocolOf = (inputs: Props): string => {
  const protocol = text(inputs, "ipProtocol").toLowerCase();
  return { all: "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6" }[protocol] ?? protocol;
};

/** What makes two rules the same to EC2; the description does not. */
function sameness(inputs: Props): string {
  const ipv6 = text(inputs, "cidrIpv6");
  const peer = ipv6 === "" ? PEERS.map((name) => text(inputs, name)).join("") : canonicalIpv6(ipv6);
  const ports = [inputs["fromPort"], inputs["toPort"]].map((port) => shown(port ?? null));
  return [text(inputs, "securityGroupId"), protocolOf(inputs), ...ports, peer].join(" ");
}

function duplicate(inputs: Props): CloudError {
  const peer = PEERS.map((name) => text(inputs, name)).join("");
  const protocol = protocolOf(inputs);
  const what =
    protocol === "-1"
      ? "ALL"
      : `${protocol.toUpperCase()}, from port: ${shown(inputs["fromPort"] ?? null)}, to port: ${shown(inputs["toPort"] ?? null)}`;
  return new CloudError("InvalidPermission.Duplicate", `the specified rule "peer: ${peer}, ${what}, ALLOW" already exists`);
}

function check(operation: Operation, type: string, present: Resource | undefined): void {
  const { cloud, inputs } = operation;
  const vpcId = text(groupOf(operation, text(inputs, "securityGroupId")), "vpcId");
  const peer = text(inputs, "referencedSecurityGroupId");
  if (peer !== "" && text(groupOf(operation, peer), "vpcId") !== vpcId) throw differentNetworks();
  const others = cloud.world
    .all(type)
    .filter((rule) => rule.id !== present?.id && text(rule.inputs, "securityGroupId") === text(inputs, "securityGroupId"));
  if (others.some((rule) => sameness(rule.inputs) === sameness(inputs))) throw duplicate(inputs);
  quota(
    others.length,
    MOST_RULES,
    "RulesPerSecurityGroupLimitExceeded",
    "The maximum number of rules per security group has been reached.",
  );
}

/** A standalone rule of a security group; both directions have the same shape. */
function ruleDefinition(type: string): ResourceDefinition {
  return {
    type,
    replaceOn: ["securityGroupId"],
    limits: { ipProtocol: ruleFault, cidrIpv4: ipv4Block, cidrIpv6: ipv6Block, description: ofLength(0, 255) },
    references: [ofSecurityGroup, holds("referencedSecurityGroupId", SECURITY_GROUP)],
    create: (operation) => {
      check(operation, type, undefined);
      const id = newId("sgr");
      return { id, outputs: { arn: ec2Arn(operation, `security-group-rule/${id}`), securityGroupRuleId: id } };
    },
    update: (operation, before) => {
      check(operation, type, before);
      return {};
    },
  };
}

/** What may come in. */
export const securityGroupIngressRule = ruleDefinition("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
/** What may go out. */
export const securityGroupEgressRule = ruleDefinition("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
