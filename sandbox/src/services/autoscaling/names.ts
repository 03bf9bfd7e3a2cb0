import { randomUUID } from "node:crypto";
import { CloudError, type Operation, type Reference } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";

export const GROUP = "aws:autoscaling/group:Group";
export const LIFECYCLE_HOOK = "aws:autoscaling/lifecycleHook:LifecycleHook";

/** The ARN of a new group. */
export function newGroupArn({ cloud, region }: Pick<Operation, "cloud" | "region">, name: string): string {
  return arn("autoscaling", region, cloud.account, `autoScalingGroup:${randomUUID()}:autoScalingGroupName/${name}`);
}

/** The service's refusal of a request that makes no sense to it. */
export function validationError(message: string): CloudError {
  return new CloudError("ValidationError", message);
}

/** An input that names a group. */
export function toGroup(path: string): Reference {
  return {
    path,
    to: GROUP,
    missing: (name) => validationError(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`),
  };
}
