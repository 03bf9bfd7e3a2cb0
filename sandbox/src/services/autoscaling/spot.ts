import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import { stopServer } from "../../plane/workload-server.ts";
import { leave } from "./lifecycle.ts";
import { isAlive, membersOf, putMember } from "./members.ts";
import { GROUP } from "./names.ts";
import { change, members, type Round } from "./round.ts";
import { launch } from "./scaling.ts";

/** The time between EC2's notice and the end of the instance (Amazon EC2 User Guide, "Spot Instance interruption notices"). */
const NOTICE_MS = 120_000;

/** Lets EC2 take a Spot instance of a group back, at two minutes' notice. Throws where there is no such instance, or it is not a Spot instance. */
export function interrupt(cloud: Cloud, id: string): void {
  for (const group of cloud.world.all(GROUP)) {
    const member = membersOf(cloud, group).find((each) => each.id === id);
    if (member === undefined) continue;
    if (member.market !== "spot")
      throw new CloudError("InvalidParameterValue", `The instance ${id} is no Spot instance: EC2 does not take it back`);
    putMember(cloud, group, { ...member, interruptedAt: cloud.now() + NOTICE_MS });
    cloud.note(`EC2 takes the Spot instance ${id} of the group ${group.id} back in two minutes`);
    return;
  }
  throw new CloudError("InvalidInstanceID.NotFound", `No Auto Scaling group has an instance ${id}`);
}

/**
 * Follows the notices that instances have got. Where the group rebalances its capacity, another one is launched at once, and when that is well the noticed one goes
 * in peace. When the time is over EC2 ends it, whatever it does.
 */
export function heedNotices(round: Round): void {
  const { cloud, settings, tasks } = round;
  for (const member of members(round)) {
    if (member.interruptedAt === null || !isAlive(member)) continue;
    if (cloud.now() >= member.interruptedAt) {
      tasks.begin(`${member.id} interrupted`, async () => {
        await stopServer(cloud, member, "SIGKILL");
      });
      leave(round, member, "an instance was taken out of service in response to an EC2 Spot interruption.");
      continue;
    }
    if (!settings.rebalancesCapacity || !settings.runs("Launch")) continue;
    const heir = members(round).find(({ replaces }) => replaces === member.id);
    if (heir === undefined)
      launch(round, "an instance was launched in response to an EC2 Spot interruption notice.", {
        isSurge: true,
        replaces: member.id,
      });
    else if (heir.readyAt !== null)
      leave(round, member, "an instance was taken out of service in response to an EC2 Spot interruption notice.");
  }
  settleHeirs(round);
}

/** Whose place is free counts from now on. */
function settleHeirs(round: Round): void {
  for (const heir of members(round)) {
    if (heir.replaces === "") continue;
    const old = members(round).find(({ id }) => id === heir.replaces);
    if (old === undefined || !isAlive(old)) change(round, heir, { isSurge: false, replaces: "" });
  }
}
