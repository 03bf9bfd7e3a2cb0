import type { ResourceValidationArgs } from "@pulumi/policy";

/** The stacks whose data may be lost, unless the pack's configuration says otherwise. */
const THROWAWAY_STACKS: readonly string[] = ["sandbox"];

/** The setting `throwawayStacks` for a rule's `configSchema`. */
export const throwawayStacksSchema = {
  type: "array" as const,
  items: { type: "string" as const },
  default: [...THROWAWAY_STACKS],
  description: "Names of stacks whose data may be lost; the rule does not apply to them.",
};

/** Ends the rule as not applicable when the resource belongs to a stack whose data may be lost. */
export function skipThrowawayStacks(args: ResourceValidationArgs): void {
  const { throwawayStacks = THROWAWAY_STACKS } = args.getConfig<{ throwawayStacks?: readonly string[] }>();
  const stack = stackOf(args.urn);
  if (throwawayStacks.includes(stack)) args.notApplicable(`the data of stack "${stack}" may be lost`);
}

/** The stack's name in a URN, `urn:pulumi:STACK::PROJECT::TYPE::NAME`. */
function stackOf(urn: string): string {
  return (urn.split("::")[0] ?? "").replace(/^urn:pulumi:/, "");
}
