import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";

/** "I only needed to look at the data from home for an hour." */
new SecurityGroup("database", {
  description: "PostgreSQL",
  ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: ["0.0.0.0/0"] }],
});
