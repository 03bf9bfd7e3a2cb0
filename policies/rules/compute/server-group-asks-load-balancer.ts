import type { AttachmentArgs } from "@pulumi/aws/autoscaling/attachment.js";
import type { GroupArgs } from "@pulumi/aws/autoscaling/group.js";
import { be } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

const ATTACHMENT = "aws:autoscaling/attachment:Attachment";

export default rule({
  id: "server-group-asks-load-balancer",
  title: "A group behind a load balancer replaces the servers that this finds ill",
  severity: "high",
  description:
    "By itself the group only asks whether the machine runs. A server whose software hangs gets no requests any more, and is never replaced.",
  remediation: 'Set healthCheckType to "ELB", and healthCheckGracePeriod to the time that a server needs to start.',
  controls: { fsbp: ["AutoScaling.1"], wellArchitected: ["REL11"] },
  inStack: {
    "aws:autoscaling/group:Group": (group: Resource<GroupArgs>, { must }, stack) => {
      const balanced =
        (["targetGroupArns", "loadBalancers", "trafficSources"] as const).some((input) => group.at(input).isSet) ||
        stack.linked<AttachmentArgs>(ATTACHMENT, "autoscalingGroupName", group).length > 0;
      if (balanced) must(group.at("healthCheckType").or("EC2"), be("ELB"));
    },
  },
});
