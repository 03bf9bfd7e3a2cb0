import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, type Props, text, valuesAt } from "../../core/values.ts";
import { numberOr } from "./group-settings.ts";
import type { HookResult, Member, Waiting } from "./members.ts";
import { LIFECYCLE_HOOK } from "./names.ts";

/** When a hook holds an instance. */
export type Transition = "autoscaling:EC2_INSTANCE_LAUNCHING" | "autoscaling:EC2_INSTANCE_TERMINATING";
export const TRANSITIONS: readonly Transition[] = ["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"];

/** A lifecycle hook of a group. */
export interface Hook {
  readonly name: string;
  readonly transition: string;
  readonly timeoutMs: number;
  /** What holds when nobody answers in time. */
  readonly defaultResult: HookResult;
  /** What is told along with it. */
  readonly metadata: string;
  /** Who is told. @default - nobody: an instance can ask */
  readonly target: string;
}

/** Seconds that a hook waits unless the program says otherwise (PutLifecycleHook, HeartbeatTimeout). */
export const DEFAULT_HEARTBEAT = 3600;

/** The hooks of a group for a transition: those that it was made with, and those that were added. */
export function hooksOf(cloud: Cloud, group: Resource, transition: Transition): Hook[] {
  const added = cloud.world
    .all(LIFECYCLE_HOOK)
    .filter((row) => row.region === group.region && text(row.inputs, "autoscalingGroupName") === group.id)
    .filter(({ phase }) => phase !== "deleting")
    .map(({ outputs }) => hookOf(outputs));
  const initial = valuesAt(group.inputs, "initialLifecycleHooks[]").filter(isProps).map(hookOf);
  return [...initial.filter(({ name }) => !added.some((hook) => hook.name === name)), ...added].filter(
    (hook) => hook.transition === transition,
  );
}

function hookOf(props: Props): Hook {
  return {
    name: text(props, "name"),
    transition: text(props, "lifecycleTransition"),
    timeoutMs: 1000 * numberOr(props["heartbeatTimeout"], DEFAULT_HEARTBEAT),
    defaultResult: text(props, "defaultResult") === "CONTINUE" ? "CONTINUE" : "ABANDON",
    metadata: text(props, "notificationMetadata"),
    target: text(props, "notificationTargetArn"),
  };
}

/** The waits that these hooks begin now. */
export function waitsFor(cloud: Cloud, hooks: readonly Hook[]): Waiting[] {
  return hooks.map(({ name, timeoutMs }) => ({ hook: name, token: randomUUID(), until: cloud.now() + timeoutMs, result: null }));
}

/** What the hooks of a waiting instance came to; undefined while one of them still holds it. A hook that is gone holds nobody. */
export function outcomeOf(cloud: Cloud, group: Resource, transition: Transition, { waits }: Member): HookResult | undefined {
  const hooks = hooksOf(cloud, group, transition);
  const results = waits.map(({ hook, result, until }) => {
    if (result !== null) return result;
    const standing = hooks.find(({ name }) => name === hook);
    if (standing === undefined) return "CONTINUE";
    return cloud.now() >= until ? standing.defaultResult : undefined;
  });
  if (results.includes("ABANDON")) return "ABANDON";
  return results.includes(undefined) ? undefined : "CONTINUE";
}
