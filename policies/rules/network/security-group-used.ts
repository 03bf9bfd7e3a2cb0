import type { SecurityGroupArgs } from "@pulumi/aws/ec2/securityGroup.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { isUsed } from "../../shared/uses.ts";

/** What belongs to a group, or only speaks of it. */
const RULES = [
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
];

export default rule({
  id: "security-group-used",
  title: "Every security group protects something",
  severity: "low",
  description: "A group that nothing uses is put onto the next server in a hurry, with whatever it once let in.",
  remediation:
    "Remove the group, or name it where it belongs. One that another stack uses is exported: exempt it with that reason.",
  controls: { securityHub: ["EC2.22"], wellArchitected: ["SEC05", "COST04"] },
  level: "advisory",
  inStack: {
    "aws:ec2/securityGroup:SecurityGroup": (group: Resource<SecurityGroupArgs>, { fail }, stack) => {
      if (!isUsed(group, stack, RULES)) fail(group, "nothing in the stack uses the group", "something must, or it must go");
    },
  },
});
