import { CloudError } from "../../core/definition.ts";
import type { Operation, Reference, ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import type { Props } from "../../core/values.ts";
import { text, valuesAt } from "../../core/values.ts";
import { all, matching, ofLength } from "../limits.ts";
import type { Limit } from "../limits.ts";
import { ipv4Block, ipv6Block } from "./cidr.ts";
import { ec2Arn, holds, names, notFound, quota } from "./network-errors.ts";
import { protocolFault } from "./security-group-protocol.ts";
import { VPC } from "./vpc.ts";

export const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
/** Inbound or outbound rules per security group (Amazon VPC User Guide, "Amazon VPC quotas"). */
export const MOST_RULES = 60;

const inlineRule: Limit = (rule) => {
  if (rule === null || typeof rule !== "object" || Array.isArray(rule)) return "a rule must be an object";
  return protocolFault(text(rule, "protocol"), rule["fromPort"], rule["toPort"], true);
};

/** Checks of the inline rules under `ingress` and `egress`; shared with the default security group. */
export const inlineRuleLimits: Readonly<Record<string, Limit>> = Object.fromEntries(
  ["ingress", "egress"].flatMap((direction) => [
    [`${direction}[]`, inlineRule],
    [`${direction}[].cidrBlocks[]`, ipv4Block],
    [`${direction}[].ipv6CidrBlocks[]`, ipv6Block],
  ]),
);

/** The groups that inline rules name; a group named in another group's rule cannot be deleted. */
export const inlineRuleReferences: readonly Reference[] = ["ingress", "egress"].map((direction) =>
  holds(`${direction}[].securityGroups[]`, SECURITY_GROUP),
);

/** EC2 counts every CIDR block, prefix list and group of an inline rule as one rule. */
function ruleCount(inputs: Props, direction: string): number {
  const lists = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "securityGroups"];
  const self = valuesAt(inputs, `${direction}[].self`).filter((value) => value === true).length;
  return self + lists.reduce((sum, list) => sum + valuesAt(inputs, `${direction}[].${list}[]`).length, 0);
}

/** Refuses more inline rules than a group may have, and rules that name a group of another VPC. */
export function checkInlineRules({ cloud, inputs }: Operation, vpcId: string): void {
  for (const direction of ["ingress", "egress"]) {
    const count = ruleCount(inputs, direction);
    quota(
      count - 1,
      MOST_RULES,
      "RulesPerSecurityGroupLimitExceeded",
      "The maximum number of rules per security group has been reached.",
    );
    for (const groupId of valuesAt(inputs, `${direction}[].securityGroups[]`)) {
      const group = typeof groupId === "string" ? cloud.world.get(SECURITY_GROUP, groupId) : undefined;
      if (group !== undefined && text(group.outputs, "vpcId") !== vpcId) throw differentNetworks();
    }
  }
}

/** EC2's words for a rule that joins two VPCs. */
export function differentNetworks(): CloudError {
  return new CloudError("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.");
}

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const vpcId = text(inputs, "vpcId");
  const id = newId("sg");
  const prefix = text(inputs, "namePrefix");
  const name = prefix === "" ? text(inputs, "name") : `${prefix}${id.slice(-16)}`;
  const groups = cloud.world.all(SECURITY_GROUP).filter((group) => group.region === region);
  if (groups.some((group) => text(group.outputs, "vpcId") === vpcId && text(group.outputs, "name") === name)) {
    throw new CloudError("InvalidGroup.Duplicate", `The security group '${name}' already exists for VPC '${vpcId}'`);
  }
  quota(
    groups.length,
    2500,
    "SecurityGroupLimitExceeded",
    `The maximum number of security groups for VPC '${vpcId}' has been reached.`,
  );
  checkInlineRules(operation, vpcId);
  return {
    id,
    outputs: {
      arn: ec2Arn(operation, `security-group/${id}`),
      ownerId: cloud.account,
      name,
      namePrefix: prefix,
      // The provider takes away the rule that lets everything out, which EC2 gives every new group.
      ingress: inputs["ingress"] ?? [],
      egress: inputs["egress"] ?? [],
    },
  };
}

/** A stateful firewall around network interfaces. */
export const securityGroup: ResourceDefinition = {
  type: SECURITY_GROUP,
  replaceOn: ["description", "name", "namePrefix", "vpcId"],
  autoName: { property: "name", maxLength: 255 },
  defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
  limits: {
    name: all(ofLength(1, 255), matching(/^(?!sg-)/, "group names may not be in the format sg-*")),
    namePrefix: ofLength(1, 229),
    description: all(
      ofLength(1, 255),
      matching(/^[\w .:/()#,@[\]+=&;{}!$*-]*$/, "allowed are letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*"),
    ),
    ...inlineRuleLimits,
  },
  references: [holds("vpcId", VPC), ...inlineRuleReferences],
  create: (operation) => {
    if (text(operation.inputs, "vpcId") !== "") return create(operation);
    throw new CloudError("VPCIdNotSpecified", "No default VPC for this user: the sandbox's account has none; give vpcId");
  },
  update: (operation, before) => {
    checkInlineRules(operation, text(before.outputs, "vpcId"));
    return { ingress: operation.inputs["ingress"] ?? [], egress: operation.inputs["egress"] ?? [] };
  },
  remove: ({ world }, group) => {
    if (world.by(VPC, "defaultSecurityGroupId", group.id) !== undefined) {
      throw new CloudError("CannotDelete", `the specified group: "${group.id}" name: "default" cannot be deleted by a user`);
    }
    // A group takes its own rules with it.
    for (const type of [
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    ]) {
      for (const rule of world.all(type)) if (text(rule.inputs, "securityGroupId") === group.id) world.drop(rule);
    }
  },
};

/** The reference of something that stands in a security group: the group cannot be deleted meanwhile. */
export const inSecurityGroup = (path: string): Reference => holds(path, SECURITY_GROUP);

/** The reference of a rule to its own group, which may go and take the rule with it. */
export const ofSecurityGroup: Reference = names("securityGroupId", SECURITY_GROUP);

/** The group of that id. Throws `InvalidGroup.NotFound`. */
export function groupOf(operation: Operation, id: string): Props {
  const group = operation.cloud.world.get(SECURITY_GROUP, id, operation.region);
  if (group === undefined) throw notFound(SECURITY_GROUP, id);
  return group.outputs;
}
