import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, type Props, text, texts, valuesAt } from "../../core/values.ts";
import { INSTANCE, isRunning } from "../ec2/instance-server.ts";

/**
 * The running instances that an association is for. Of several targets an instance must meet all (Systems Manager user guide, "About targets in State Manager
 * associations"). The sandbox has no resource groups: such a target is met by nobody.
 */
export function targetsOf(cloud: Cloud, { inputs, region }: Resource): Resource[] {
  const targets = valuesAt(inputs, "targets[]").filter(isProps);
  if (targets.length === 0) return [];
  return cloud.world
    .all(INSTANCE)
    .filter((row) => row.region === region && isRunning(row) && targets.every((target) => meets(row, target)));
}

function meets(instance: Resource, target: Props): boolean {
  const [key, values] = [text(target, "key"), texts(target, "values")];
  if (key === "InstanceIds") return values.includes("*") || values.includes(instance.id);
  if (!key.startsWith("tag:")) return false;
  const tags = instance.outputs["tagsAll"];
  const value = isProps(tags) ? tags[key.slice("tag:".length)] : undefined;
  return typeof value === "string" && values.includes(value);
}
