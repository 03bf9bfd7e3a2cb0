import type { FlowLogArgs } from "@pulumi/aws/ec2/flowLog.js";
import type { VpcArgs } from "@pulumi/aws/ec2/vpc.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "vpc-traffic-logged",
  title: "The traffic of every VPC is logged",
  severity: "medium",
  description: "After an incident, flow logs tell who talked to whom; without them nobody can say what left the network.",
  remediation: "Add an aws.ec2.FlowLog with the vpcId of the VPC.",
  controls: { fsbp: ["EC2.6"], cisAws3: ["3.7"], cisAws5: ["3.7"], wellArchitected: ["SEC04"] },
  inStack: {
    "aws:ec2/vpc:Vpc": (vpc: Resource<VpcArgs>, { fail }, stack) => {
      const logs = stack.linked<FlowLogArgs>("aws:ec2/flowLog:FlowLog", "vpcId", vpc);
      if (logs.length === 0) fail(vpc, "the VPC has no FlowLog", "it must have one");
      // The control asks for rejected traffic at least.
      else if (logs.every((log) => log.at("trafficType").value === "ACCEPT"))
        fail(vpc, "the FlowLog of the VPC leaves out what was rejected", 'its trafficType must be "REJECT" or "ALL"');
    },
  },
});
