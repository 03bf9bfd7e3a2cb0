import { isProps, type Props, type Value } from "../../core/values.ts";
import { all, between, type Limit, matching, ofLength, oneOf } from "../limits.ts";
import { TRANSITIONS } from "./hooks.ts";

/** Between half a minute and two hours (PutLifecycleHook, HeartbeatTimeout). */
const [SHORTEST, LONGEST] = [30, 7200];

/** What a lifecycle hook may be. Source: Amazon EC2 Auto Scaling API Reference, PutLifecycleHook. */
export const hookLimits: Readonly<Record<string, Limit>> = {
  name: all(ofLength(1, 255), matching(/^[A-Za-z0-9\-_/]+$/, "letters, digits and - _ / are")),
  lifecycleTransition: oneOf(...TRANSITIONS),
  heartbeatTimeout: between(SHORTEST, LONGEST),
  defaultResult: oneOf("CONTINUE", "ABANDON"),
  notificationMetadata: ofLength(1, 1023),
  notificationTargetArn: (value) =>
    value === "" ? undefined : "the sandbox tells nobody of lifecycle hooks yet; leave notificationTargetArn out",
};

/** What is wrong with a hook that stands among the inputs of something else. */
export function faultOfHook(value: Value): string | undefined {
  if (!isProps(value)) return "a lifecycle hook must be an object";
  const hook: Props = value;
  const faults = Object.entries(hookLimits).flatMap(([name, limit]) => {
    const given = hook[name];
    const fault = given === undefined || given === null ? undefined : limit(given, hook);
    return fault === undefined ? [] : [`${name}: ${fault}`];
  });
  return faults.length === 0 ? undefined : faults.join("; ");
}
