import { randomBytes } from "node:crypto";
import type { Operation, Resource, ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { TARGET_GROUP } from "../elbv2/names.ts";
import { given } from "../limits.ts";
import { membersOf } from "./members.ts";
import { ATTACHMENT, GROUP, toGroup, validationError } from "./names.ts";
import { attachedGroups, deregister, register } from "./targets.ts";

function create({ cloud, inputs, region }: Operation): ReturnType<ResourceDefinition["create"]> {
  const [name, target] = [text(inputs, "autoscalingGroupName"), text(inputs, "lbTargetGroupArn")];
  const group = cloud.world.get(GROUP, name, region);
  if (group !== undefined)
    for (const { id, state } of membersOf(cloud, group)) if (state === "InService") register(cloud, group, id, [target]);
  return { id: `${name}-${randomBytes(13).toString("hex")}` };
}

/** Instances leave the target group unless something else keeps them there. */
function detach(cloud: Operation["cloud"], { inputs, region }: Resource): void {
  const group = cloud.world.get(GROUP, text(inputs, "autoscalingGroupName"), region);
  const target = text(inputs, "lbTargetGroupArn");
  if (group === undefined || attachedGroups(cloud, group).includes(target)) return;
  for (const { id } of membersOf(cloud, group)) deregister(cloud, group, id, [target]);
}

/** Puts the instances of a group behind a target group. */
export const attachment: ResourceDefinition = {
  type: ATTACHMENT,
  replaceOn: ["autoscalingGroupName", "elb", "lbTargetGroupArn"],
  limits: {
    autoscalingGroupName: (_value, inputs) =>
      given(inputs, ["elb", "lbTargetGroupArn"]).length === 0 ? "lbTargetGroupArn must be given" : undefined,
    elb: () => "the sandbox plays no Classic Load Balancers; give lbTargetGroupArn",
  },
  references: [
    toGroup("autoscalingGroupName"),
    {
      path: "lbTargetGroupArn",
      to: TARGET_GROUP,
      missing: (arn) => validationError(`One or more target groups not found: ${arn}`),
    },
  ],
  create,
  halt: (cloud, row) => {
    detach(cloud, row);
    return Promise.resolve();
  },
};
