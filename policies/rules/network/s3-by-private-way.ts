import type { NatGatewayArgs } from "@pulumi/aws/ec2/natGateway.js";
import type { SubnetArgs } from "@pulumi/aws/ec2/subnet.js";
import type { VpcArgs } from "@pulumi/aws/ec2/vpc.js";
import type { VpcEndpointArgs } from "@pulumi/aws/ec2/vpcEndpoint.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "s3-by-private-way",
  title: "A VPC with a NAT gateway reaches S3 without it",
  severity: "low",
  description:
    "Every gigabyte to S3 through a NAT gateway is paid for; through a gateway endpoint it is free and stays in AWS's network.",
  remediation: 'Add an aws.ec2.VpcEndpoint with the service name "com.amazonaws.REGION.s3" and the route tables of the VPC.',
  controls: { wellArchitected: ["COST08"] },
  level: "advisory",
  inStack: {
    "aws:ec2/vpc:Vpc": (vpc: Resource<VpcArgs>, { fail, skip }, stack) => {
      const subnets = stack.linked<SubnetArgs>("aws:ec2/subnet:Subnet", "vpcId", vpc);
      const nats = subnets.flatMap((subnet) => stack.linked<NatGatewayArgs>("aws:ec2/natGateway:NatGateway", "subnetId", subnet));
      if (nats.length === 0) skip("the VPC has no NAT gateway");
      const endpoints = stack.linked<VpcEndpointArgs>("aws:ec2/vpcEndpoint:VpcEndpoint", "vpcId", vpc);
      if (!endpoints.some((endpoint) => endpoint.at("serviceName").value?.endsWith(".s3") ?? false))
        fail(vpc, "the VPC has a NAT gateway and no endpoint for S3", "it must have one");
    },
  },
});
