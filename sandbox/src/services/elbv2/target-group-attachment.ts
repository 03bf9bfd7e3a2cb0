import { randomBytes } from "node:crypto";
import type { Resource, ResourceDefinition } from "../../core/definition.ts";
import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { between, matching } from "../limits.ts";
import { balancingOf } from "./balancing.ts";
import { TARGET_GROUP, TARGET_GROUP_ATTACHMENT, toTargetGroup } from "./names.ts";
import { forgetTarget, rememberTarget } from "./registered-targets.ts";

function portOf({ inputs }: Pick<Resource, "inputs">, group: Resource): number {
  return Number(inputs["port"] ?? group.outputs["port"]);
}

/** A server that takes requests of a target group. */
export const targetGroupAttachment: ResourceDefinition = {
  type: TARGET_GROUP_ATTACHMENT,
  replaceOn: ["availabilityZone", "port", "quicServerId", "targetGroupArn", "targetId"],
  limits: {
    port: between(1, 65_535),
    targetId: matching(
      /^i-[0-9a-f]+$/,
      "the targets of the sandbox are servers: expected an instance id such as i-0123456789abcdef0",
    ),
    availabilityZone: () =>
      "availabilityZone goes with targets that are IP addresses, and the targets of the sandbox are servers",
    quicServerId: () => "QUIC belongs to network load balancers, which the sandbox does not play",
  },
  references: [toTargetGroup("targetGroupArn", false)],
  create: ({ cloud, inputs }) => {
    const arn = text(inputs, "targetGroupArn");
    const group = cloud.world.get(TARGET_GROUP, arn);
    if (group === undefined) throw new CloudError("TargetGroupNotFound", "One or more target groups not found");
    rememberTarget(cloud, group, text(inputs, "targetId"), portOf({ inputs }, group));
    return { id: `${arn}-${randomBytes(13).toString("hex")}` };
  },
  run: (cloud, row) => {
    const group = cloud.world.get(TARGET_GROUP, text(row.inputs, "targetGroupArn"));
    if (group !== undefined) balancingOf(cloud).settleTargets(group);
    return Promise.resolve(undefined);
  },
  halt: (cloud, row) => {
    const group = cloud.world.get(TARGET_GROUP, text(row.inputs, "targetGroupArn"));
    if (group === undefined) return Promise.resolve();
    forgetTarget(cloud, group.id, text(row.inputs, "targetId"), portOf(row, group));
    balancingOf(cloud).settleTargets(group);
    return Promise.resolve();
  },
};
