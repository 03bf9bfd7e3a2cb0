import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import type { TargetHealth } from "../../plane/load-balancer/target-group.ts";
import { balancingOf } from "./balancing.ts";
import { TARGET_GROUP } from "./names.ts";
import { forgetTarget, registeredTargets, rememberTarget } from "./registered-targets.ts";

/**
 * Lets a server take requests of a target group (its ARN), at the group's own port unless another is given. It gets none before it has passed a health check.
 * The same again changes nothing. Throws `TargetGroupNotFound`, and `InvalidTarget` for a server that does not run or stands in another VPC.
 */
export function registerTarget(cloud: Cloud, group: string, id: string, port?: number): void {
  const row = groupOf(cloud, group);
  rememberTarget(cloud, row, id, port);
  balancingOf(cloud).settleTargets(row);
}

/**
 * Takes a server out of a target group, at every port at which it is registered: it gets nothing new, and answers what is under way until the group's
 * deregistration delay is over; see {@link isDrained}. A server or group that is not there is fine.
 */
export function deregisterTarget(cloud: Cloud, group: string, id: string): void {
  const row = cloud.world.get(TARGET_GROUP, group);
  if (row === undefined) return;
  for (const target of registeredTargets(cloud, group)) if (target.id === id) forgetTarget(cloud, group, id, target.port);
  balancingOf(cloud).settleTargets(row);
}

/** The health of a server in a target group, at each port at which it is registered or drains. Empty where it does neither. */
export function targetHealth(cloud: Cloud, group: string, id: string): readonly TargetHealth[] {
  return balancingOf(cloud)
    .health(group)
    .filter((target) => target.id === id);
}

/** Whether a server that was deregistered has nothing of the group under way any more, or its time to drain is over. An unknown one is drained. */
export function isDrained(cloud: Cloud, group: string, id: string): boolean {
  return targetHealth(cloud, group, id).every(({ port }) => balancingOf(cloud).isDrained(group, id, port));
}

function groupOf({ world }: Cloud, arn: string): Resource {
  const row = world.get(TARGET_GROUP, arn);
  if (row === undefined) throw new CloudError("TargetGroupNotFound", `Target groups '${arn}' not found`);
  return row;
}
