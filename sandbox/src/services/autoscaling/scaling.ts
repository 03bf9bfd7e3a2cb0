import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { isZoneOut } from "../ec2/outages.ts";
import { beginActivity } from "./activities.ts";
import { nextPlace, nextToEnd } from "./balance.ts";
import { groupRecord } from "./group-record.ts";
import type { Place } from "./group-settings.ts";
import { launchInstance } from "./instances.ts";
import { launchPlan, nextLaunch, plentyOf } from "./launch-plan.ts";
import { advance, leave } from "./lifecycle.ts";
import { isAlive, type Member, membersOf, putMember, unitsOf } from "./members.ts";
import { activeRefresh } from "./refresh-record.ts";
import { members, type Round } from "./round.ts";

/** Launches and ends instances until the group has what it is to have. */
export function scale(round: Round): void {
  const { runs } = round.settings;
  // Policies and schedules may have moved it in this very look.
  const { desired } = groupRecord(round.cloud, round.group);
  const before = unitsOf(living(round));
  const change = `a difference between desired and actual capacity, ${before < desired ? "increasing" : "shrinking"} the capacity from ${before} to ${desired}.`;
  while (runs("Launch") && unitsOf(living(round)) < desired) {
    if (launch(round, `an instance was started in response to ${change}`) === undefined) break;
  }
  while (runs("Terminate") && unitsOf(living(round)) > desired) {
    const plan = launchPlan(round.settings.launch);
    // Weights may leave a surplus that no instance fits into.
    const surplus = unitsOf(living(round)) - desired;
    const may = living(round).filter(({ weight }) => weight <= surplus);
    const member = nextToEnd(may, round.settings.terminationPolicies, plentyOf(plan, living(round)));
    if (member === undefined) break;
    leave(round, member, `an instance was taken out of service in response to ${change}`);
  }
}

/** The instances that count towards the group's capacity. */
function living(round: Round): Member[] {
  return members(round).filter((member) => isAlive(member) && !member.isSurge);
}

/** Launches one instance where the group has the fewest; undefined, with a failed activity, where EC2 can't launch it. */
export function launch(round: Round, cause: string, changes: Partial<Member> = {}): Member | undefined {
  const { cloud, group, settings } = round;
  if (!round.mayLaunch()) return undefined;
  const beside = members(round).filter(isAlive);
  try {
    // Where all zones are off, EC2 says so.
    const place = nextPlace(openPlaces(round), beside) ?? settings.places[0];
    if (place === undefined) throw new CloudError("ValidationError", "The group has no subnet to launch instances in.");
    const member = cloud.world.change(() => putMember(cloud, group, { ...launchAt(round, place, beside, cause), ...changes }));
    advance(round, member);
    return member;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const failure = `${error.message} Launching EC2 instance failed.`;
    beginActivity(cloud, group, { description: "Launching a new EC2 instance", cause, failure });
    round.launchFailed();
    return undefined;
  }
}

/** The places of the group in zones that are not off. */
export function openPlaces({ cloud, settings }: Round): Place[] {
  return settings.places.filter(({ zone }) => !isZoneOut(cloud, zone));
}

function launchAt({ cloud, group, settings }: Round, place: Place, beside: readonly Member[], cause: string): Member {
  const { market, option } = nextLaunch(launchPlan(settings.launch), beside);
  const { instance, template } = launchInstance(cloud, group, { market, option, place });
  return putMember(cloud, group, {
    id: instance.id,
    state: "Pending",
    ...place,
    type: text(instance.outputs, "instanceType"),
    weight: option.weight,
    market,
    template: template.id,
    version: template.version,
    ordinal: (membersOf(cloud, group).at(-1)?.ordinal ?? 0) + 1,
    launchedAt: cloud.now(),
    inServiceAt: null,
    readyAt: null,
    failingSince: null,
    isProtected: settings.protects,
    isHealthy: true,
    isSurge: false,
    replaces: "",
    interruptedAt: null,
    refresh: activeRefresh(cloud, group)?.mark ?? "",
    waits: [],
    activity: beginActivity(cloud, group, { description: `Launching a new EC2 instance: ${instance.id}`, cause }),
  });
}
