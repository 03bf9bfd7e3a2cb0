import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, type Props, text, type Value } from "../../core/values.ts";
import type { World } from "../../core/world.ts";
import { INSTANCE_ACTIONS, type InstanceAction, runningInstance } from "../ec2/instance-actions.ts";

const ARN = /^arn:aws[\w-]*:automate:([\w-]+):ec2:(\w+)$/;

/** Whether an action is one on an instance, such as `arn:aws:automate:eu-central-1:ec2:reboot`. */
export function isEc2Action(action: string): boolean {
  return ARN.test(action);
}

/**
 * Why an alarm with these inputs can't have that EC2 action; undefined if it can.
 * Source: CloudWatch user guide, "Create alarms to stop, terminate, reboot, or recover an EC2 instance".
 */
export function faultOfEc2Action(action: string, inputs: Props): string | undefined {
  const name = ARN.exec(action)?.[2] ?? "";
  if (!isServed(name)) {
    return `the sandbox performs the EC2 actions ${Object.keys(INSTANCE_ACTIONS).join(", ")}, and ${JSON.stringify(action)} is none of them`;
  }
  if (isGiven(inputs["metricQueries"])) return `an alarm with metricQueries cannot have the EC2 action ${name}`;
  const { dimensions } = inputs;
  if (!isProps(dimensions) || !isGiven(dimensions["InstanceId"]))
    return `the EC2 action ${name} needs a metric with the dimension InstanceId`;
  if (name === "recover" && inputs["metricName"] !== "StatusCheckFailed_System")
    return "the EC2 action recover goes with the metric StatusCheckFailed_System only";
  return undefined;
}

/** The region that an EC2 action names. */
export function regionOfEc2Action(action: string): string {
  return ARN.exec(action)?.[1] ?? "";
}

/** Begins the action on the instance in the alarm's dimension. What comes of it is noted. */
export function performEc2Action(cloud: Cloud, alarm: Resource, action: string): void {
  const dimensions = alarm.inputs["dimensions"];
  const id = isProps(dimensions) ? text(dimensions, "InstanceId") : "";
  const done = act(cloud, id, alarm.region, ARN.exec(action)?.[2] ?? "").then(
    () => {
      cloud.note(`The alarm ${alarm.id} performed ${action} on ${id}`);
    },
    (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      cloud.note(`The alarm ${alarm.id} failed to execute its action ${action} on ${id}: ${why}`);
    },
  );
  const others = pending.get(cloud.world) ?? new Set();
  pending.set(cloud.world, others.add(done));
  void done.finally(() => others.delete(done));
}

/** Resolves when the actions that were begun are done; one on a server's programs must not outlive the daemon. */
export async function ec2ActionsDone({ world }: Pick<Cloud, "world">): Promise<void> {
  await Promise.all([...(pending.get(world) ?? [])]);
}

const pending = new WeakMap<World, Set<Promise<void>>>();

async function act(cloud: Cloud, id: string, region: string, name: string): Promise<void> {
  // The alarm's own change of the world comes first.
  await Promise.resolve();
  if (isServed(name)) await INSTANCE_ACTIONS[name](cloud, runningInstance(cloud, id, region));
}

function isServed(name: string): name is InstanceAction {
  return Object.hasOwn(INSTANCE_ACTIONS, name);
}

function isGiven(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}
