import * as pulumi from "@pulumi/pulumi";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { Key } from "@pulumi/aws/kms/key.js";

const config = new pulumi.Config();

const network = new Vpc("network", { cidrBlock: "10.0.0.0/16" });
/** Its waiting time comes out of another resource, so a preview does not know it. */
new Key("data", {
  enableKeyRotation: config.getBoolean("rotate") ?? true,
  deletionWindowInDays: network.id.apply(() => config.getNumber("days") ?? 30),
});
