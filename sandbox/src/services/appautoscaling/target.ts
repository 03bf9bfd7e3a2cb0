import { randomBytes } from "node:crypto";
import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { isProps, type Props, text } from "../../core/values.ts";
import { all, between, type Limit } from "../limits.ts";
import { clusterOf, resourceLimits, TARGET } from "./names.ts";
import { forgetTarget, readersAtWork } from "./readers.ts";

/** Aurora takes 15 readers beside its writer (Aurora User Guide, "Replication with Amazon Aurora"). */
const MOST_READERS = 15;

const bounds: Limit = (value, inputs) => {
  const min = inputs["minCapacity"];
  return typeof value !== "number" || typeof min !== "number" || min <= value
    ? undefined
    : `the greatest capacity, ${value}, is below the least, ${min}`;
};

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const id = text(inputs, "resourceId");
  if (clusterOf(cloud, operation) === undefined)
    throw new CloudError("ValidationException", `DB cluster '${id.replace(/^cluster:/, "")}' not found`);
  if (cloud.world.get(TARGET, id, region) !== undefined)
    throw new CloudError("ValidationException", `The scalable target ${id} belongs to another resource already`);
  const resource = `scalable-target/${randomBytes(17).toString("hex")}`;
  return { id, outputs: { ...outputsOf(operation), arn: arn("application-autoscaling", region, cloud.account, resource) } };
}

function outputsOf({ cloud, inputs }: Operation): Props {
  const suspended = inputs["suspendedState"];
  return {
    // A role of its own is ignored, as the API does for RDS.
    roleArn: `arn:aws:iam::${cloud.account}:role/aws-service-role/rds.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_RDSCluster`,
    suspendedState: {
      dynamicScalingInSuspended: false,
      dynamicScalingOutSuspended: false,
      scheduledScalingSuspended: false,
      ...(isProps(suspended) ? suspended : {}),
    },
    tagsAll: inputs["tagsAll"] ?? inputs["tags"] ?? {},
  };
}

/** How many readers an Aurora cluster may have. Those that were added here go with it: no program knows of them. */
export const target: ResourceDefinition = {
  type: TARGET,
  replaceOn: ["resourceId", "scalableDimension", "serviceNamespace"],
  limits: {
    ...resourceLimits,
    minCapacity: between(0, MOST_READERS),
    maxCapacity: all(between(0, MOST_READERS), bounds),
  },
  create,
  update: (operation, before) => ({ ...outputsOf(operation), arn: before.outputs["arn"] }),
  halt: async (cloud, row) => {
    await readersAtWork(cloud).clear(row);
    forgetTarget(cloud, row);
  },
};
