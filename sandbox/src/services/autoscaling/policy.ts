import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import type { Operation, Resource, ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { nested } from "../ec2/instance-outputs.ts";
import { TARGET_GROUP } from "../elbv2/names.ts";
import { usersOf } from "../elbv2/actions.ts";
import { GROUP, POLICY, requireOwnName, toGroup, validationError } from "./names.ts";
import { policyLimits } from "./policy-limits.ts";
import { RESOURCE_LABEL } from "./policy-metric.ts";
import { attachedGroups } from "./targets.ts";

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const [name, group] = [text(inputs, "name"), text(inputs, "autoscalingGroupName")];
  requireOwnName(operation, POLICY, name);
  requireRoute(cloud, region, inputs);
  const resource = `scalingPolicy:${randomUUID()}:autoScalingGroupName/${group}:policyName/${name}`;
  return { id: name, outputs: outputsOf(inputs, arn("autoscaling", region, cloud.account, resource)) };
}

function outputsOf(inputs: Props, policyArn: string): Props {
  const type = text(inputs, "policyType") || "SimpleScaling";
  return {
    ...(type === "StepScaling" && { metricAggregationType: text(inputs, "metricAggregationType") || "Average" }),
    policyType: type,
    arn: policyArn,
  };
}

/** Requests are counted for a target group only where a load balancer sends some there, and the group stands behind it. */
function requireRoute(cloud: Cloud, region: string, inputs: Props): void {
  const configuration = nested(inputs, "targetTrackingConfiguration");
  const label = text(nested(configuration, "predefinedMetricSpecification"), "resourceLabel");
  if (label === "") return;
  const [, , suffix] = RESOURCE_LABEL.exec(label) ?? [];
  const target = cloud.world.all(TARGET_GROUP).find((row) => row.region === region && row.outputs["arnSuffix"] === suffix);
  const group = cloud.world.get(GROUP, text(inputs, "autoscalingGroupName"), region);
  if (target === undefined || usersOf(cloud, target.id).length === 0)
    throw validationError("The load balancer does not route traffic to the target group.");
  if (group !== undefined && !attachedGroups(cloud, group).includes(target.id))
    throw validationError(
      `The target group ${text(target.outputs, "name")} is not attached to the Auto Scaling group ${group.id}.`,
    );
}

/** By what, and when, a group changes its size by itself. */
export const policy: ResourceDefinition = {
  type: POLICY,
  replaceOn: ["autoscalingGroupName", "name"],
  autoName: { property: "name", maxLength: 255 },
  defaults: { enabled: true },
  limits: policyLimits,
  references: [toGroup("autoscalingGroupName")],
  create,
  update: ({ cloud, inputs, region }, before: Resource) => {
    requireRoute(cloud, region, inputs);
    return outputsOf(inputs, text(before.outputs, "arn"));
  },
};
