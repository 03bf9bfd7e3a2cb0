import type { SubnetArgs } from "@pulumi/aws/ec2/subnet.js";
import { beFalse } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "subnet-private-by-default",
  title: "No subnet gives public addresses to whatever is put into it",
  severity: "medium",
  description: "What is started in such a subnet is on the internet before anyone has thought of it.",
  remediation:
    "Leave mapPublicIpOnLaunch out. Give an address to the server that needs one, by an aws.ec2.Eip or associatePublicIpAddress.",
  controls: { fsbp: ["EC2.15"], pci4: ["1.4.4"], wellArchitected: ["SEC05"] },
  resources: {
    "aws:ec2/subnet:Subnet": (subnet: Resource<SubnetArgs>, { must }) => must(subnet.at("mapPublicIpOnLaunch"), beFalse),
  },
});
