import type { ResourceWith } from "../framework/resource.ts";
import type { Stack } from "../framework/stack.ts";

/** URNs and texts that resources name in their inputs, by the type of those that name them. */
type Uses = ReadonlyMap<string, ReadonlySet<string>>;

const uses = new WeakMap<Stack, Uses>();

/**
 * Whether something of the stack uses a resource: an output of it went into an input, by the engine's knowledge.
 * @param except types that name it without using it
 */
export function isUsed(resource: ResourceWith<unknown>, stack: Stack, except: readonly string[]): boolean {
  const made = uses.get(stack) ?? usesOf(stack);
  uses.set(stack, made);
  return [...(made.get(resource.urn) ?? [])].some((type) => !except.includes(type));
}

function usesOf(stack: Stack): Uses {
  const byUrn = new Map<string, Set<string>>();
  for (const { propertyDependencies, type } of stack.resources)
    for (const urn of Object.values(propertyDependencies).flat()) {
      const types = byUrn.get(urn);
      if (types === undefined) byUrn.set(urn, new Set([type]));
      else types.add(type);
    }
  return byUrn;
}
