import type { InstanceArgs } from "@pulumi/aws/ec2/instance.js";
import type { LaunchConfigurationArgs } from "@pulumi/aws/ec2/launchConfiguration.js";
import type { LaunchTemplateArgs } from "@pulumi/aws/ec2/launchTemplate.js";
import type { Check } from "../../framework/check.ts";
import { be } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "instance-metadata-v2",
  title: "A server gives its role's credentials only to callers with a session token (IMDSv2)",
  severity: "high",
  description:
    "Without session tokens, a web request that the server is tricked into making can fetch the credentials of its role.",
  remediation: 'Set metadataOptions.httpTokens to "required".',
  controls: { fsbp: ["AutoScaling.3", "EC2.8", "EC2.170"], cisAws3: ["5.6"], cisAws5: ["5.7"], pci4: ["2.2.6"] },
  resources: {
    "aws:ec2/launchTemplate:LaunchTemplate": tokensRequired,
    "aws:ec2/launchConfiguration:LaunchConfiguration": tokensRequired,
    "aws:ec2/instance:Instance": (instance: Resource<InstanceArgs>, check) => {
      // Without options of its own an instance follows its launch template, which is checked itself.
      if (!instance.at("metadataOptions").isSet && instance.at("launchTemplate").isSet) return;
      tokensRequired(instance, check);
    },
  },
});

function tokensRequired(
  server: Resource<InstanceArgs | LaunchConfigurationArgs | LaunchTemplateArgs>,
  { must }: Check<unknown>,
): void {
  if (server.at("metadataOptions", "httpEndpoint").value === "disabled") return;
  must(server.at("metadataOptions", "httpTokens"), be("required"));
}
