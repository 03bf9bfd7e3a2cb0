import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { type Props, text, UNKNOWN } from "../../core/values.ts";
import { hasAddress } from "./address-joins.ts";
import type { Launch } from "./instance-launch.ts";
import { launched, requireStoppable } from "./instance-server.ts";
import { architectureOf } from "./instance-types.ts";
import { freePublicAddress } from "./public-addresses.ts";

/** Whether the provider stops and starts the instance for these inputs: a new type, and new user data, are given to it while it is stopped. */
export function restartsFor(inputs: Props, launch: Launch, before: Resource): boolean {
  return launch.inputs["instanceType"] !== before.outputs["instanceType"] || hasOtherUserData(before.inputs, inputs);
}

function hasOtherUserData(before: Props, now: Props): boolean {
  return ["userData", "userDataBase64"].some((name) => (before[name] ?? "") !== (now[name] ?? ""));
}

/** Another processor needs another image, and so another instance. */
export function alsoReplaceOn(before: Props, now: Props): readonly string[] {
  const [was, is] = [text(before, "instanceType"), text(now, "instanceType")];
  const known = was !== "" && is !== "" && is !== UNKNOWN;
  return [
    ...(known && architectureOf(was) !== architectureOf(is) ? ["instanceType"] : []),
    ...(now["userDataReplaceOnChange"] === true ? ["userData", "userDataBase64"] : []),
  ];
}

/** What a stop and a start may change. */
export function renewed(before: Props, now: Props): readonly string[] {
  const type = before["instanceType"] !== now["instanceType"];
  return [...(type ? ["cpuOptions"] : []), ...(type || hasOtherUserData(before, now) ? ["publicIp", "publicDns"] : [])];
}

/** Has the instance's programs ended before they are next made to run. Throws EC2's error for one that may not be stopped. */
export function planRestart(cloud: Cloud, instance: Resource): void {
  requireStoppable(instance);
  const { id } = instance;
  launched(cloud).set(id, { ...launched(cloud).get(id), restart: true });
}

/** An address that EC2 chose goes back at a stop, and another comes at the start; an Elastic IP stays. */
export function addressAfterStop({ world }: Cloud, { id, outputs }: Resource): string {
  const publicIp = text(outputs, "publicIp");
  // One that was stopped by itself has given its address back already.
  const chosen = publicIp !== "" || outputs["associatePublicIpAddress"] === true;
  return !chosen || hasAddress(world, id) ? publicIp : freePublicAddress(world);
}
