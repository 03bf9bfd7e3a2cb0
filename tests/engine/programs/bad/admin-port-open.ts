import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";

/** "We need SSH." */
const servers = new SecurityGroup("servers", { description: "SSH" });
new SecurityGroupIngressRule("ssh", {
  securityGroupId: servers.id,
  ipProtocol: "tcp",
  fromPort: 22,
  toPort: 22,
  cidrIpv4: "0.0.0.0/0",
});
