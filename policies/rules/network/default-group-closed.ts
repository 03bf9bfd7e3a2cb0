import type { DefaultSecurityGroupArgs } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import type { VpcArgs } from "@pulumi/aws/ec2/vpc.js";
import { beLeftOut } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

const CLOSED = beLeftOut("be left out, so that it lets nothing through");

export default rule({
  id: "default-group-closed",
  title: "The default security group of every VPC lets nothing through",
  severity: "high",
  description: "What is made without a security group gets this one, and with it every neighbour that was made so too.",
  remediation: "Add an aws.ec2.DefaultSecurityGroup without rules for the VPC: it takes the group over and empties it.",
  controls: { fsbp: ["EC2.2"], cisAws3: ["5.4"], cisAws5: ["5.5"], wellArchitected: ["SEC05"] },
  inStack: {
    "aws:ec2/vpc:Vpc": (vpc: Resource<VpcArgs>, { fail }, stack) => {
      const groups = stack.linked<DefaultSecurityGroupArgs>("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "vpcId", vpc);
      if (groups.length === 0)
        fail(
          vpc,
          "the VPC has no DefaultSecurityGroup, so its own lets all of its members reach each other",
          "it must have one without rules",
        );
    },
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": (group: Resource<DefaultSecurityGroupArgs>, { must }) => {
      must(group.at("ingress"), CLOSED);
      must(group.at("egress"), CLOSED);
    },
  },
});
