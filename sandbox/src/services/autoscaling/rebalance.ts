import { imbalance, nextToEnd } from "./balance.ts";
import { launchPlan, plentyOf } from "./launch-plan.ts";
import { leave } from "./lifecycle.ts";
import { isAlive, type Member, unitsOf } from "./members.ts";
import { activeRefresh } from "./refresh-record.ts";
import { change, members, type Round } from "./round.ts";
import { launch, openPlaces } from "./scaling.ts";

/** Two zones may differ by one. */
const UNEVEN = 2;

/**
 * Evens out the zones of a group that stands still: an instance is launched where the fewest are, and when it is well, one goes where the most are. So it is when
 * a zone comes back that was off (Amazon EC2 Auto Scaling User Guide, "Availability Zone rebalancing").
 */
export function rebalance(round: Round): void {
  const { cloud, group, settings } = round;
  if (!settings.runs("AZRebalance") || activeRefresh(cloud, group) !== undefined) return;
  const alive = members(round).filter(isAlive);
  const beside = alive.find(({ isSurge, replaces }) => isSurge && replaces === "");
  if (beside !== undefined) {
    if (beside.readyAt !== null) makeRoom(round, alive, beside);
    return;
  }
  const isStill = alive.every(({ isSurge, state }) => state === "InService" && !isSurge) && unitsOf(alive) === settings.desired;
  const places = openPlaces(round);
  if (!isStill || imbalance(places, alive) < UNEVEN) return;
  const zones = [...new Set(places.map(({ zone }) => zone))].sort().join(" ");
  launch(
    round,
    `instances were launched to balance instances in zones ${zones} with each other, resulting in more than desired number of instances in the group.`,
    {
      isSurge: true,
    },
  );
}

function makeRoom(round: Round, alive: readonly Member[], beside: Member): void {
  const { launch: made, terminationPolicies } = round.settings;
  const old = alive.filter(({ isSurge }) => !isSurge);
  const member = nextToEnd(old, terminationPolicies, plentyOf(launchPlan(made), old));
  if (member === undefined) return;
  leave(round, member, "an instance was taken out of service to balance instances between zones.");
  change(round, beside, { isSurge: false });
}
