import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Reference } from "../../core/definition.ts";
import { arn, derived } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { requireKey, requireUsable } from "../kms/keys.ts";

// Codes: Amazon RDS API Reference, the errors of each action. Wording: as the service answers.

export function invalidValue(message: string): CloudError {
  return new CloudError("InvalidParameterValue", message);
}

export function invalidCombination(message: string): CloudError {
  return new CloudError("InvalidParameterCombination", message);
}

/** The security groups of a cluster. They cannot be deleted while it stands. */
export const securityGroupReference: Reference = {
  path: "vpcSecurityGroupIds[]",
  to: "aws:ec2/securityGroup:SecurityGroup",
  missing: (id) => invalidValue(`Invalid security group , groupId= ${id}, groupName=.`),
  inUse: (group) => new CloudError("DependencyViolation", `resource ${group.id} has a dependent object`),
};

/** The ARN of the key that a key's id, ARN, alias or alias ARN stands for; RDS' error if it cannot use it. */
export function usableKeyArn(cloud: Cloud, name: string, region: string): string {
  const own = /(?:^|:)alias\/aws\/(.+)$/.exec(name)?.[1];
  if (own !== undefined) return defaultKeyArn(cloud, own, region);
  try {
    const key = requireKey(cloud, name, region);
    requireUsable(key);
    return text(key.outputs, "arn");
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    throw new CloudError(
      "KMSKeyNotAccessibleFault",
      `The specified KMS key [${name}] does not exist, is not enabled or you do not have permissions to access it.`,
    );
  }
}

/** The ARN that stands for the key `aws/<service>`, which AWS makes in each account by itself. */
export function defaultKeyArn(cloud: Cloud, service: string, region: string): string {
  const hex = derived(32, "key", service, cloud.account, region);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return arn("kms", region, cloud.account, `key/${parts.join("-")}`);
}

/** The ARN of the key in an optional input: where it is absent, of the one that AWS keeps for that service. */
export function keyArnIn({ cloud, inputs, region }: Operation, property: string, service: string): string {
  return usableKeyArn(cloud, text(inputs, property) || `alias/aws/${service}`, region);
}
