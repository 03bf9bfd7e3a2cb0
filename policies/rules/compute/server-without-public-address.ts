import type { InstanceArgs } from "@pulumi/aws/ec2/instance.js";
import type { LaunchConfigurationArgs } from "@pulumi/aws/ec2/launchConfiguration.js";
import type { LaunchTemplateArgs } from "@pulumi/aws/ec2/launchTemplate.js";
import { beFalse } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "server-without-public-address",
  title: "A server has no public address; a load balancer has",
  severity: "high",
  description: "A server on the internet is one mistake in a security group away from everyone.",
  remediation: "Set associatePublicIpAddress to false, put the server into a private subnet, and a load balancer before it.",
  controls: { fsbp: ["Autoscaling.5", "EC2.9", "EC2.25"], pci4: ["1.4.4"], wellArchitected: ["SEC05"] },
  since: "scaled",
  resources: {
    "aws:ec2/instance:Instance": (instance: Resource<InstanceArgs>, { must }) =>
      must(instance.at("associatePublicIpAddress"), beFalse),
    "aws:ec2/launchConfiguration:LaunchConfiguration": (configuration: Resource<LaunchConfigurationArgs>, { must }) =>
      must(configuration.at("associatePublicIpAddress"), beFalse),
    "aws:ec2/launchTemplate:LaunchTemplate": (template: Resource<LaunchTemplateArgs>, { each, must }) => {
      each(template.at("networkInterfaces"), (card) => must(card.at("associatePublicIpAddress"), beFalse));
    },
  },
});
