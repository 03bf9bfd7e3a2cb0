import { Instance } from "@pulumi/aws/ec2/instance.js";
import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { about, shown, validateEach } from "../../shared/check.ts";
import { fsbp } from "../../shared/framework.ts";

interface MetadataOptions {
  readonly httpEndpoint?: string | undefined;
  readonly httpTokens?: string | undefined;
}

export const instanceMetadataV2: ResourceValidationPolicy = {
  name: "instance-metadata-v2",
  description:
    "A server hands out its role's credentials only to callers with a session token (IMDSv2), so that a tricked web request cannot fetch them.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["compute", "credentials"],
  framework: fsbp("EC2.8", "EC2.170"),
  remediationSteps: 'Set metadataOptions.httpTokens to "required".',
  validateResource: validateEach(
    about(LaunchTemplate, ({ metadataOptions }) => tokensRequired(metadataOptions)),
    about(Instance, ({ metadataOptions, launchTemplate }) =>
      // Without options of its own an instance follows its launch template, which is checked itself.
      metadataOptions === undefined && launchTemplate !== undefined ? undefined : tokensRequired(metadataOptions),
    ),
  ),
};

function tokensRequired(options: MetadataOptions = {}): string | undefined {
  if (options.httpTokens === "required" || options.httpEndpoint === "disabled") return undefined;
  return `metadataOptions.httpTokens is ${shown(options.httpTokens)}; it must be "required".`;
}
