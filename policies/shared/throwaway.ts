import type { Check } from "../framework/check.ts";
import type { ResourceWith } from "../framework/resource.ts";

/** The setting `throwawayStacks`, for rules that a stack whose data may be lost need not keep. */
export const throwawayStacks = {
  throwawayStacks: {
    type: "array",
    items: { type: "string" },
    default: ["sandbox"],
    description: "Names of stacks whose data may be lost; the rule is not about them.",
  },
} as const;

/** Ends the check when the resource belongs to a stack whose data may be lost. */
export function skipThrowawayStacks(
  { stack }: ResourceWith<unknown>,
  { config, skip }: Pick<Check<{ readonly throwawayStacks: readonly string[] }>, "config" | "skip">,
): void {
  if (config.throwawayStacks.includes(stack)) skip(`the data of stack "${stack}" may be lost`);
}
