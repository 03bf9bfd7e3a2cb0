import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import type { Space } from "../../core/world.ts";
import type { Server } from "../../plane/workload-server.ts";
import { findRole, INSTANCE_PROFILE } from "../iam/roles.ts";

export const INSTANCE = "aws:ec2/instance:Instance";

/** The user data that each instance was launched with: what is in its template by now does not matter to it. */
export function launched(cloud: Cloud): Space<Props> {
  return cloud.world.space<Props>("ec2-launched");
}

/** The instance as the plane runs it. */
export function serverOf(cloud: Cloud, instance: Resource): Server {
  const profile = cloud.world.get(INSTANCE_PROFILE, text(instance.outputs, "iamInstanceProfile"));
  const role = profile === undefined ? undefined : findRole(cloud, text(profile.outputs, "role"));
  return {
    id: instance.id,
    region: instance.region,
    userData: text(launched(cloud).get(instance.id) ?? {}, "userData"),
    ...(role !== undefined && { roleArn: text(role.outputs, "arn") }),
  };
}

/** Whether the instance is launched, and neither stopped nor going. */
export function isRunning({ phase, outputs }: Resource): boolean {
  return phase === "ready" && outputs["instanceState"] === "running";
}

/** Throws EC2's error for an instance that may not be stopped. */
export function requireStoppable({ id, outputs }: Resource): void {
  if (outputs["disableApiStop"] !== true) return;
  throw new CloudError(
    "OperationNotPermitted",
    `The instance '${id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
  );
}
