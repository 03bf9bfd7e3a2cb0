import type { SelectionArgs } from "@pulumi/aws/backup/selection.js";
import { type Property, UnknownInput } from "../framework/property.ts";
import type { Resource, ResourceWith } from "../framework/resource.ts";
import type { Stack } from "../framework/stack.ts";

const SELECTION = "aws:backup/selection:Selection";

/** Whether a backup plan of the stack takes a resource, by its ARN or by its tags. @throws UnknownInput when that is not known */
export function isInBackupPlan(resource: ResourceWith<unknown>, stack: Stack): boolean {
  const selections = stack.ofType<SelectionArgs>(SELECTION);
  const open: UnknownInput[] = [];
  for (const selection of selections)
    try {
      if (takesByTags(selection, resource)) return true;
      if (selection.at("resources").items.some((each) => isAny(each))) return true;
    } catch (error) {
      if (!(error instanceof UnknownInput)) throw error;
      open.push(new UnknownInput(error.path.startsWith("tags") ? error.path : `${selection.name}.${error.path}`, error.why));
    }
  if (selections.length > 0 && stack.linked<SelectionArgs>(SELECTION, "resources", resource).length > 0) return true;
  const [first] = open;
  if (first !== undefined) throw first;
  return false;
}

/** A pattern that covers every resource; the ARN of one that is not made yet is none. */
function isAny(each: Property<unknown>): boolean {
  try {
    return each.value === "*";
  } catch (error) {
    if (error instanceof UnknownInput) return false;
    throw error;
  }
}

function takesByTags(selection: Resource<SelectionArgs>, resource: ResourceWith<unknown>): boolean {
  const byTag = selection.at("selectionTags").items.some((tag) => carries(resource, tag.at("key").value, tag.at("value").value));
  // All conditions must hold, so what has one that is no plain equality is not taken for sure.
  const equal = selection.at("conditions").items.flatMap((condition) => condition.at("stringEquals").items);
  const byCondition =
    equal.length > 0 &&
    equal.every((each) => carries(resource, each.at("key").value?.replace(/^aws:ResourceTag\//, ""), each.at("value").value));
  return byTag || byCondition;
}

function carries(resource: ResourceWith<unknown>, key: string | undefined, value: string | undefined): boolean {
  const tags = resource.as<{ readonly tags?: Readonly<Record<string, string>> }>().at("tags");
  return key !== undefined && value !== undefined && tags.at(key).value === value;
}
