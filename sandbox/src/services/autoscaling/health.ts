import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { workloadName } from "../../plane/workload.ts";
import { isRunning } from "../ec2/instance-server.ts";
import { isOut } from "../ec2/outages.ts";
import { livingInstance } from "./instances.ts";
import { leave } from "./lifecycle.ts";
import { type Member, memberNow } from "./members.ts";
import { failRefresh } from "./refresh.ts";
import { activeRefresh } from "./refresh-record.ts";
import { change, members, type Round } from "./round.ts";
import { attachedGroups, isFoundHealthy, isFoundUnhealthy } from "./targets.ts";

/** How long none of an instance's programs may answer until its status checks count as failed. systemd starts a program that died again within less. */
const FAILING_MS = 10_000;

const CAUSES = {
  gone: "an EC2 health check indicating it has been terminated or stopped",
  failing: "an EC2 instance status checks failure",
  balancer: "an ELB system health check failure",
  lifetime: "the maximum instance lifetime that it has reached",
} as const;

/** Looks at the health of the instances in service, and takes out those that are not well. */
export function judge(round: Round): void {
  for (const member of members(round)) {
    if (member.state !== "InService") continue;
    const cause = round.settings.runs("HealthCheck") ? ailmentOf(round, member) : undefined;
    if (cause === undefined) {
      if (member.readyAt === null && isWell(round, member)) change(round, member, { readyAt: round.cloud.now() });
      continue;
    }
    change(round, member, { isHealthy: false });
    if (!round.settings.runs("ReplaceUnhealthy")) continue;
    leave(round, member, `an instance was taken out of service in response to ${CAUSES[cause]}.`);
    const isNew = member.refresh !== "" && member.refresh === activeRefresh(round.cloud, round.group)?.mark;
    if (isNew && member.readyAt === null)
      failRefresh(round, `its new instance ${member.id} was never well, in response to ${CAUSES[cause]}`);
  }
}

/** Whether everybody who is asked finds the instance well now. */
function isWell(round: Round, { id }: Member): boolean {
  const { cloud, group, settings } = round;
  const now = memberNow(cloud, group, id);
  if (now === undefined || now.failingSince !== null) return false;
  return !settings.asksBalancers || isFoundHealthy(cloud, id, attachedGroups(cloud, group));
}

function ailmentOf(round: Round, member: Member): keyof typeof CAUSES | undefined {
  const { cloud, group, settings } = round;
  const instance = livingInstance(cloud, group.region, member.id);
  // For one that does not run there is no grace. EC2 takes minutes to find out that a host is lost; here it knows.
  if (instance === undefined || !isRunning(instance) || isOut(cloud, instance)) return "gone";
  const failingSince = answers(cloud, instance) ? null : (member.failingSince ?? cloud.now());
  if (failingSince !== member.failingSince) change(round, member, { failingSince });
  const served = cloud.now() - (member.inServiceAt ?? cloud.now());
  if (settings.lifetimeMs > 0 && served >= settings.lifetimeMs) return "lifetime";
  if (served < settings.graceMs) return undefined;
  if (failingSince !== null && cloud.now() - failingSince >= FAILING_MS) return "failing";
  return settings.asksBalancers && isFoundUnhealthy(cloud, member.id, attachedGroups(cloud, group)) ? "balancer" : undefined;
}

/** Whether an instance that has programs answers through one of them at least. */
function answers(cloud: Cloud, { id }: Resource): boolean {
  const own = cloud.processes.list().filter(({ name }) => name.endsWith(workloadName(id, "")));
  return own.length === 0 || own.some(({ state }) => state === "ready");
}
