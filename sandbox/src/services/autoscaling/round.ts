import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import type { GroupSettings } from "./group-settings.ts";
import { memberNow, type Member, membersOf, putMember } from "./members.ts";
import type { Tasks } from "./tasks.ts";

/** One look at one group. */
export interface Round {
  readonly cloud: Cloud;
  readonly group: Resource;
  readonly settings: GroupSettings;
  readonly tasks: Tasks;
  /** Aborted when the daemon ends: who waits then leaves everything to the next one. */
  readonly closing: AbortSignal;
  /** How long an instance that has just been launched may take until its programs take connections; it comes into service then in any case. */
  readonly startMs: number;
  /** Whether enough time has passed since EC2 could not launch an instance of the group. */
  readonly mayLaunch: () => boolean;
  /** Told when EC2 could not launch an instance of the group. */
  readonly launchFailed: () => void;
}

/** The instances of the group as they are now. */
export function members({ cloud, group }: Round): Member[] {
  return membersOf(cloud, group);
}

/** Changes what is known of an instance; one that is not in the group any more stays so. Gives it as it is then. */
export function change({ cloud, group }: Round, { id }: Pick<Member, "id">, changes: Partial<Member>): Member | undefined {
  const now = memberNow(cloud, group, id);
  return now === undefined ? undefined : putMember(cloud, group, { ...now, ...changes });
}
