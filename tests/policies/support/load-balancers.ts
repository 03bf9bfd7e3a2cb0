import { alsoNamed, type Cases } from "./cases.ts";

export const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
export const LISTENER = "aws:lb/listener:Listener";
export const TARGETS = "aws:lb/targetGroup:TargetGroup";

/** Adds to the cases the first that passes and the first that fails, under the provider's other name for load balancers. */
export function withOtherName(cases: Cases): Cases {
  return alsoNamed(cases, {
    [BALANCER]: ["aws:alb/loadBalancer:LoadBalancer"],
    [LISTENER]: ["aws:alb/listener:Listener"],
    [TARGETS]: ["aws:alb/targetGroup:TargetGroup"],
  });
}
