import { Config, Output } from "@pulumi/pulumi";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";

const config = new Config();
const vpc = new Vpc(
  "main",
  {
    cidrBlock: config.get("cidr") ?? "10.0.0.0/16",
    enableDnsHostnames: true,
    tags: { Purpose: config.get("purpose") ?? "test", Key: config.getSecret("key") ?? "none" },
  },
  { protect: config.getBoolean("protect") ?? false },
);

/** The outputs of the stack. */
export default { vpcId: vpc.id, arn: vpc.arn, ready: Output.isInstance(vpc.id) };
