import { CloudError, type Operation, type Reference, type Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import type { Cloud } from "../../core/cloud.ts";

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
  const inRegion = (type: string): Resource[] => cloud.world.all(type).filter((row) => row.region === region);
  const alias = inRegion("aws:kms/alias:Alias").find((row) => row.id === name || row.outputs["arn"] === name);
  const wanted = alias === undefined ? name : text(alias.outputs, "targetKeyId");
  const key = inRegion("aws:kms/key:Key").find((row) => row.id === wanted || row.outputs["arn"] === wanted);
  if (key !== undefined && key.outputs["isEnabled"] !== false) return text(key.outputs, "arn");
  throw new CloudError(
    "KMSKeyNotAccessibleFault",
    `The specified KMS key [${name}] does not exist, is not enabled or you do not have permissions to access it.`,
  );
}

/** Like {@link usableKeyArn} for an optional input; undefined if it is absent. */
export function keyArnIn({ cloud, inputs, region }: Operation, property: string): string | undefined {
  const name = text(inputs, property);
  return name === "" ? undefined : usableKeyArn(cloud, name, region);
}
