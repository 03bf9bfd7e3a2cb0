import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type * as pulumi from "@pulumi/pulumi";
import { named, type Tags } from "../shared/tags.ts";

/** A part of the platform that a server speaks to: the group that stands before it, and the port. */
export interface Reach {
  readonly securityGroupId: pulumi.Input<string>;
  readonly port: number;
}

/** What a server's security group lets through. */
export interface ServerAccessArgs {
  readonly vpcId: pulumi.Input<string>;
  /** What AWS shows of the group. A change replaces it. */
  readonly description: string;
  /** What the server speaks to, by the role in the rules' names, such as `database`. */
  readonly reaches: Readonly<Record<string, Reach>>;
  readonly tags: Tags;
}

/**
 * The security group of a server, as children of `opts.parent`: `<name>-access`, TLS to the outside (`<name>-out-https`), and for each part that it reaches
 * the way out of the server (`<name>-out-<role>`) and the way into that part (`<name>-into-<role>`). Whoever may come in is the caller's to add.
 */
export function serverAccess(name: string, args: ServerAccessArgs, opts: pulumi.CustomResourceOptions): SecurityGroup {
  const { description, reaches, tags, vpcId } = args;
  const group = new SecurityGroup(`${name}-access`, { vpcId, description, tags: named(name, tags) }, opts);
  new SecurityGroupEgressRule(
    `${name}-out-https`,
    {
      securityGroupId: group.id,
      ipProtocol: "tcp",
      cidrIpv4: "0.0.0.0/0",
      fromPort: 443,
      toPort: 443,
      description: "Images, AWS services, payment providers",
      tags,
    },
    opts,
  );
  for (const [role, { port, securityGroupId }] of Object.entries(reaches)) {
    const open = { ipProtocol: "tcp", fromPort: port, toPort: port, tags };
    new SecurityGroupEgressRule(
      `${name}-out-${role}`,
      { ...open, securityGroupId: group.id, referencedSecurityGroupId: securityGroupId, description: `The ${role}` },
      opts,
    );
    new SecurityGroupIngressRule(
      `${name}-into-${role}`,
      { ...open, securityGroupId, referencedSecurityGroupId: group.id, description: "The product" },
      opts,
    );
  }
  return group;
}
