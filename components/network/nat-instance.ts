import { EipAssociation } from "@pulumi/aws/ec2/eipAssociation.js";
import { Instance } from "@pulumi/aws/ec2/instance.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { InstanceProfile } from "@pulumi/aws/iam/instanceProfile.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { serviceRole } from "../shared/iam.ts";
import { named, type Tags } from "../shared/tags.ts";

/** What a {@link natInstance} is made from. */
export interface NatInstanceArgs {
  readonly amiId: string;
  readonly instanceType: string;
  /** The network whose traffic it passes on. */
  readonly cidr: string;
  readonly vpcId: pulumi.Input<string>;
  readonly subnetId: pulumi.Input<string>;
  /** The Elastic IP from which it speaks. */
  readonly allocationId: pulumi.Input<string>;
  readonly tags: Tags;
}

/**
 * A server that passes on what private subnets send to the web, as children of `opts.parent`: `<name>-access` and its rules, `<name>-role`, `<name>-profile`, `<name>-instance` and
 * `<name>-address`. It holds nothing; AWS moves it to another host when its own fails, and connections through it begin anew.
 */
export function natInstance(name: string, args: NatInstanceArgs, opts: pulumi.CustomResourceOptions): Instance {
  const { allocationId, amiId, cidr, instanceType, subnetId, tags } = args;
  const role = serviceRole(
    `${name}-role`,
    {
      service: "ec2.amazonaws.com",
      description: "What the server that passes on traffic may do",
      managed: ["AmazonSSMManagedInstanceCore"],
      tags,
    },
    opts,
  );
  const profile = new InstanceProfile(`${name}-profile`, { role: role.name, tags }, opts);
  const instance = new Instance(
    `${name}-instance`,
    {
      ami: amiId,
      instanceType,
      subnetId,
      vpcSecurityGroupIds: [access(name, args, opts).id],
      iamInstanceProfile: profile.name,
      // It passes on packets that are neither from it nor to it.
      sourceDestCheck: false,
      associatePublicIpAddress: false,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { encrypted: true, volumeType: "gp3", volumeSize: 8 },
      maintenanceOptions: { autoRecovery: "default" },
      userData: userData(cidr),
      userDataReplaceOnChange: true,
      tags: named(name, tags),
    },
    opts,
  );
  new EipAssociation(`${name}-address`, { allocationId, instanceId: instance.id, allowReassociation: true }, opts);
  return instance;
}

function access(name: string, { cidr, tags, vpcId }: NatInstanceArgs, opts: pulumi.CustomResourceOptions): SecurityGroup {
  const description = "The web from inside the network, passed on to the internet";
  const group = new SecurityGroup(`${name}-access`, { vpcId, description, tags: named(name, tags) }, opts);
  const rule = { securityGroupId: group.id, ipProtocol: "tcp", tags };
  for (const [role, port] of Object.entries({ http: 80, https: 443 })) {
    const range = { ...rule, fromPort: port, toPort: port };
    new SecurityGroupIngressRule(`${name}-in-${role}`, { ...range, cidrIpv4: cidr, description: "From the network" }, opts);
    new SecurityGroupEgressRule(`${name}-out-${role}`, { ...range, cidrIpv4: "0.0.0.0/0", description: "To the internet" }, opts);
  }
  return group;
}

/** Amazon Linux keeps its packages in S3, which the network reaches before the server has a public address. */
function userData(cidr: string): string {
  const rules = [
    "table ip nat {",
    "  chain postrouting {",
    "    type nat hook postrouting priority srcnat; policy accept;",
    `    ip saddr ${cidr} ip daddr != ${cidr} masquerade`,
    "  }",
    "}",
    "",
  ].join("\n");
  const config = {
    write_files: [
      { path: "/etc/sysctl.d/90-nat.conf", content: "net.ipv4.ip_forward = 1\n" },
      { path: "/etc/sysconfig/nftables.conf", content: rules },
    ],
    runcmd: ["dnf install --assumeyes nftables", "sysctl --system", "systemctl enable --now nftables"],
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}
