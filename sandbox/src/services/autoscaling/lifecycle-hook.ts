import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { hookLimits } from "./hook-limits.ts";
import { DEFAULT_HEARTBEAT } from "./hooks.ts";
import { LIFECYCLE_HOOK, requireOwnName, toGroup, validationError } from "./names.ts";

/** Amazon EC2 Auto Scaling User Guide, "Quotas for Auto Scaling resources and groups". */
const MOST_HOOKS = 50;

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const [name, group] = [text(inputs, "name"), text(inputs, "autoscalingGroupName")];
  const present = cloud.world
    .all(LIFECYCLE_HOOK)
    .filter((row) => row.region === region && text(row.inputs, "autoscalingGroupName") === group);
  requireOwnName(operation, LIFECYCLE_HOOK, name);
  if (present.length >= MOST_HOOKS) throw validationError(`The group ${group} has ${MOST_HOOKS} lifecycle hooks already`);
  return { id: name, outputs: { defaultResult: "ABANDON", heartbeatTimeout: DEFAULT_HEARTBEAT, ...inputs } };
}

/** A pause in the life of a group's instances: launched or about to be ended, they wait until somebody lets them go on. */
export const lifecycleHook: ResourceDefinition = {
  type: LIFECYCLE_HOOK,
  replaceOn: ["name"],
  autoName: { property: "name", maxLength: 255 },
  limits: hookLimits,
  references: [toGroup("autoscalingGroupName")],
  create,
};
