import type { GroupArgs } from "@pulumi/aws/autoscaling/group.js";
import { beLeftOut } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "server-group-from-template",
  title: "A group of servers is made from a launch template",
  severity: "medium",
  description:
    "Launch configurations have no versions, know no machine types since 2023, and new accounts cannot make them at all.",
  remediation: "Describe the servers in an aws.ec2.LaunchTemplate, and name it in launchTemplate or mixedInstancesPolicy.",
  controls: { fsbp: ["AutoScaling.9"], wellArchitected: ["OPS05"] },
  resources: {
    "aws:autoscaling/group:Group": (group: Resource<GroupArgs>, { must }) =>
      must(group.at("launchConfiguration"), beLeftOut("be left out in favour of launchTemplate")),
  },
});
