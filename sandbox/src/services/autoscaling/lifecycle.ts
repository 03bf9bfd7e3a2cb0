import { beginActivity, endActivity } from "./activities.ts";
import { hooksOf, outcomeOf, type Transition, waitsFor } from "./hooks.ts";
import { livingInstance, startPrograms, terminateInstance } from "./instances.ts";
import { dropMember, type Member } from "./members.ts";
import { change, type Round } from "./round.ts";
import { attachedGroups, deregister, isDrained, register } from "./targets.ts";

const LAUNCHING: Transition = "autoscaling:EC2_INSTANCE_LAUNCHING";
const TERMINATING: Transition = "autoscaling:EC2_INSTANCE_TERMINATING";

/** Lets an instance take its next step, if its time has come. What takes longer goes on by itself, and the next look finds what became of it. */
export function advance(round: Round, member: Member): void {
  switch (member.state) {
    case "Pending":
      round.tasks.begin(member.id, () => start(round, member));
      break;
    case "Pending:Wait": {
      const outcome = outcomeOf(round.cloud, round.group, LAUNCHING, member);
      if (outcome === "CONTINUE") enterService(round, member);
      if (outcome === "ABANDON") {
        endActivity(round.cloud, round.group, member.activity, "Failed");
        leave(round, member, "an instance was taken out of service in response to a lifecycle hook that was abandoned");
      }
      break;
    }
    case "Terminating":
      if (isForced(round) || isDrained(round.cloud, member.id, attachedGroups(round.cloud, round.group)))
        holdBeforeEnd(round, member);
      break;
    case "Terminating:Wait":
      if (isForced(round) || outcomeOf(round.cloud, round.group, TERMINATING, member) !== undefined) end(round, member);
      break;
    case "Terminating:Proceed":
      round.tasks.begin(member.id, () => terminate(round, member));
      break;
    case "InService":
      break;
  }
}

/** Takes an instance out of its group: out of its target groups first, then drained, then past the hooks, then ended. One that is leaving already goes on as it does. */
export function leave(round: Round, member: Member, cause: string): void {
  if (member.state.startsWith("Terminating")) return;
  const { cloud, group } = round;
  const activity = beginActivity(cloud, group, { description: `Terminating EC2 instance: ${member.id}`, cause });
  const changed = change(round, member, { state: "Terminating", activity, waits: [] });
  deregister(cloud, group, member.id, attachedGroups(cloud, group));
  if (changed !== undefined) advance(round, changed);
}

function isForced({ settings }: Round): boolean {
  return settings.force === true;
}

/** EC2 calls a server running whether its programs answer or not: one whose programs don't comes into service too, and its health is found out there. */
async function start(round: Round, member: Member): Promise<void> {
  const { closing, cloud, group, startMs } = round;
  const instance = livingInstance(cloud, group.region, member.id);
  if (instance !== undefined) {
    const started = startPrograms(cloud, instance, startMs).catch((error: unknown) => {
      if (closing.aborted) return;
      cloud.note(
        `The group ${group.id}: ${member.id} does not answer: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
    await Promise.race([started, once(closing)]);
    if (closing.aborted) return;
  }
  const now = change(round, member, {});
  if (now?.state !== "Pending") return;
  const hooks = hooksOf(cloud, group, LAUNCHING);
  if (hooks.length > 0) change(round, now, { state: "Pending:Wait", waits: waitsFor(cloud, hooks) });
  else enterService(round, now);
}

function enterService(round: Round, member: Member): void {
  const { cloud, group, settings } = round;
  change(round, member, { state: "InService", inServiceAt: cloud.now(), waits: [] });
  if (settings.runs("AddToLoadBalancer")) register(cloud, group, member.id, attachedGroups(cloud, group));
  endActivity(cloud, group, member.activity);
}

function holdBeforeEnd(round: Round, member: Member): void {
  const hooks = isForced(round) ? [] : hooksOf(round.cloud, round.group, TERMINATING);
  if (hooks.length > 0) change(round, member, { state: "Terminating:Wait", waits: waitsFor(round.cloud, hooks) });
  else end(round, member);
}

function end(round: Round, member: Member): void {
  const changed = change(round, member, { state: "Terminating:Proceed", waits: [] });
  if (changed !== undefined) advance(round, changed);
}

async function terminate({ cloud, group }: Round, member: Member): Promise<void> {
  await terminateInstance(cloud, group.region, member.id);
  dropMember(cloud, group, member.id);
  endActivity(cloud, group, member.activity);
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => {
      resolve();
    });
  });
}
