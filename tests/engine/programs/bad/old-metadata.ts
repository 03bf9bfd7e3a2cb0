import { Instance } from "@pulumi/aws/ec2/instance.js";

/** Copied from a tutorial of 2018. */
new Instance("tutorial", {
  ami: "ami-0123456789abcdef0",
  instanceType: "t2.micro",
  associatePublicIpAddress: true,
  rootBlockDevice: { volumeSize: 8 },
});
