import { randomUUID } from "node:crypto";
import { CloudError, type Operation, type Reference } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";

export const GROUP = "aws:autoscaling/group:Group";
export const POLICY = "aws:autoscaling/policy:Policy";
export const ATTACHMENT = "aws:autoscaling/attachment:Attachment";
export const SCHEDULE = "aws:autoscaling/schedule:Schedule";
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

/**
 * Throws where another resource has taken the name. A group's hooks, policies and schedules have ids that are their names, by which the sandbox tells them apart
 * within a region; AWS does within a group.
 */
export function requireOwnName({ cloud, region }: Operation, type: string, name: string): void {
  const other = cloud.world.get(type, name, region);
  if (other === undefined) return;
  const noun = (type.split(":").at(-1) ?? "").replace(/[a-z](?=[A-Z])/g, "$& ").toLowerCase();
  throw validationError(
    `The ${noun} ${name} belongs to another resource already (of the group ${text(other.inputs, "autoscalingGroupName")}). The sandbox tells them apart by their names within a region: give it another one`,
  );
}
