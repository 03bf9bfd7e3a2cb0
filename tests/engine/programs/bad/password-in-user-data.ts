import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";

/** "The server has to know the password somehow." */
new LaunchTemplate("web", {
  imageId: "ami-0123456789abcdef0",
  instanceType: "t4g.small",
  metadataOptions: { httpTokens: "required", httpEndpoint: "enabled", httpPutResponseHopLimit: 1 },
  blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeSize: 20 } }],
  networkInterfaces: [{ associatePublicIpAddress: "false" }],
  userData: Buffer.from("#!/bin/sh\nexport DATABASE_PASSWORD=hunter2\nexec shop\n").toString("base64"),
});
