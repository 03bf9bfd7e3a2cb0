import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn, derived } from "../../core/ids.ts";
import { oneOf } from "../limits.ts";

const DETECTOR = "aws:guardduty/detector:Detector";

/** What a new detector watches beside flow logs, DNS and CloudTrail, as the provider shows it where nothing was said. */
const DATASOURCES = {
  kubernetes: { auditLogs: { enable: true } },
  malwareProtection: { scanEc2InstanceWithFindings: { ebsVolumes: { enable: true } } },
  s3Logs: { enable: true },
};

/** The region's threat detector. The sandbox remembers it; it looks at nothing and finds nothing. */
export const detector: ResourceDefinition = {
  type: DETECTOR,
  replaceOn: [],
  defaults: { enable: true },
  limits: { findingPublishingFrequency: oneOf("FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS") },
  create: ({ cloud, inputs, region, urn }) => {
    if (cloud.world.all(DETECTOR).some((row) => row.region === region)) {
      throw new CloudError(
        "BadRequestException",
        "The request is rejected because a detector already exists for the current account.",
      );
    }
    const id = derived(32, urn, region, String(cloud.now()));
    return {
      id,
      outputs: {
        arn: arn("guardduty", region, cloud.account, `detector/${id}`),
        accountId: cloud.account,
        findingPublishingFrequency: inputs["findingPublishingFrequency"] ?? "SIX_HOURS",
        datasources: inputs["datasources"] ?? DATASOURCES,
      },
    };
  },
  update: ({ inputs }, before) => ({
    findingPublishingFrequency: inputs["findingPublishingFrequency"] ?? before.outputs["findingPublishingFrequency"],
    datasources: inputs["datasources"] ?? before.outputs["datasources"],
  }),
};
