import type { Place } from "./group-settings.ts";
import type { Market, Member } from "./members.ts";

/** The place for the next instance: in the zone that has the fewest, and there in the subnet that has the fewest; undefined where there is no place. */
export function nextPlace(
  places: readonly Place[],
  beside: readonly { readonly zone: string; readonly subnet: string }[],
): Place | undefined {
  const inZone = ({ zone }: Place): number => beside.filter((member) => member.zone === zone).length;
  const inSubnet = ({ subnet }: Place): number => beside.filter((member) => member.subnet === subnet).length;
  return [...places].sort((one, other) => inZone(one) - inZone(other) || inSubnet(one) - inSubnet(other))[0];
}

/** How much more a zone has than another one of these places, at most. */
export function imbalance(places: readonly Place[], members: readonly Member[]): number {
  const counts = [...new Set(places.map(({ zone }) => zone))].map(
    (zone) => members.filter((member) => member.zone === zone).length,
  );
  return counts.length === 0 ? 0 : Math.max(...counts) - Math.min(...counts);
}

/** Orders those first that a policy ends first. */
type Order = (one: Member, other: Member) => number;

/**
 * The instance that a smaller group ends next: of the zone that has the most, and there the one that the policies put first. `Default` takes one that is paid for
 * in the way of which there are too many, then one made of the oldest version of the launch template, and of those the oldest (Amazon EC2 Auto Scaling User Guide,
 * "Configure termination policies"). Undefined where every one is protected.
 */
export function nextToEnd(members: readonly Member[], policies: readonly string[], plenty: Market): Member | undefined {
  const orders: Readonly<Record<string, Order>> = {
    OldestInstance: (one, other) => one.ordinal - other.ordinal,
    NewestInstance: (one, other) => other.ordinal - one.ordinal,
    OldestLaunchTemplate: (one, other) => Number(one.version) - Number(other.version),
    AllocationStrategy: (one, other) => Number(other.market === plenty) - Number(one.market === plenty),
  };
  const may = members.filter(({ isProtected }) => !isProtected);
  const inZone = (zone: string): number => members.filter((member) => member.zone === zone).length;
  const most = Math.max(...may.map(({ zone }) => inZone(zone)));
  // The other policies order nothing here: there are no launch configurations, and EC2 bills by the second.
  const used = (policies.length === 0 ? ["Default"] : policies)
    .flatMap((policy) => (policy === "Default" ? ["AllocationStrategy", "OldestLaunchTemplate", "OldestInstance"] : [policy]))
    .flatMap((policy) => orders[policy] ?? []);
  return may
    .filter(({ zone }) => inZone(zone) === most)
    .sort((one, other) => used.reduce((before, order) => before || order(one, other), 0))[0];
}
