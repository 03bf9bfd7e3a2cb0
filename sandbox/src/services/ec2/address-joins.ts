import type { Space, World } from "../../core/world.ts";

/** The instance that has an Elastic IP now, and by which association. */
// A type, not an interface: only a type alias may stand where the world's JSON values are asked for.
export type Join = { instanceId: string; associationId: string };

/** What an Elastic IP is joined to; undefined for one that is free. */
export function joinOf(world: World, allocationId: string): Join | undefined {
  return joins(world).get(allocationId);
}

/** Whether an instance has an Elastic IP. */
export function hasAddress(world: World, instanceId: string): boolean {
  return joins(world)
    .entries()
    .some(([, join]) => join.instanceId === instanceId);
}

/**
 * Joins an address to an instance. It leaves the instance that had it, and the instance gives up the one that it had
 * (Amazon EC2 API Reference, AssociateAddress).
 */
export function join(world: World, allocationId: string, to: Join): void {
  const space = joins(world);
  for (const [other, { instanceId }] of space.entries()) if (instanceId === to.instanceId) space.delete(other);
  space.set(allocationId, to);
}

/** Ends an association. One that has been overtaken by another is over already. */
export function leave(world: World, allocationId: string, associationId: string): void {
  if (joinOf(world, allocationId)?.associationId === associationId) joins(world).delete(allocationId);
}

function joins(world: World): Space<Join> {
  return world.space<Join>("ec2-address-joins");
}
