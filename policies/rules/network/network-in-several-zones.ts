import type { SubnetArgs } from "@pulumi/aws/ec2/subnet.js";
import type { VpcArgs } from "@pulumi/aws/ec2/vpc.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "network-in-several-zones",
  title: "A network has subnets in more than one zone",
  severity: "high",
  description: "Whatever stands in a network of one zone is down as long as that zone is, however many copies there are.",
  remediation: "Add an aws.ec2.Subnet in another availabilityZone.",
  controls: { wellArchitected: ["REL02", "REL10"] },
  inStack: {
    "aws:ec2/vpc:Vpc": (network: Resource<VpcArgs>, { fail }, stack) => {
      const subnets = stack.linked<SubnetArgs>("aws:ec2/subnet:Subnet", "vpcId", network, 2);
      if (subnets.length === 0) return;
      const zones = new Set(
        subnets.map((subnet) => subnet.named.at("availabilityZone").value ?? subnet.named.at("availabilityZoneId").value),
      );
      if (zones.size < 2)
        fail(
          network,
          `all subnets stand in ${[...zones][0] ?? "a zone that nobody chose"}`,
          "they must stand in at least 2 zones",
        );
    },
  },
});
