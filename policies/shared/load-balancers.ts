import type { ListenerArgs } from "@pulumi/aws/lb/listener.js";
import type { LoadBalancerArgs } from "@pulumi/aws/lb/loadBalancer.js";
import type { TargetGroupArgs } from "@pulumi/aws/lb/targetGroup.js";
import type { Check } from "../framework/check.ts";
import type { Resource } from "../framework/resource.ts";

/** A load balancer for HTTP (`application`), TCP (`network`) or appliances (`gateway`). */
export type LoadBalancer = Resource<LoadBalancerArgs>;

/** The checks of a rule about load balancers, under both names that the provider has for them. */
export function ofLoadBalancers<Config>(judge: (balancer: LoadBalancer, check: Check<Config>) => void) {
  return { "aws:lb/loadBalancer:LoadBalancer": judge, "aws:alb/loadBalancer:LoadBalancer": judge };
}

/** The checks of a rule about what load balancers listen to, under both names. */
export function ofListeners<Config>(judge: (listener: Resource<ListenerArgs>, check: Check<Config>) => void) {
  return { "aws:lb/listener:Listener": judge, "aws:alb/listener:Listener": judge };
}

/** The checks of a rule about groups of targets, under both names. */
export function ofTargetGroups<Config>(judge: (group: Resource<TargetGroupArgs>, check: Check<Config>) => void) {
  return { "aws:lb/targetGroup:TargetGroup": judge, "aws:alb/targetGroup:TargetGroup": judge };
}

/** What a load balancer is for. */
export function kindOf(balancer: LoadBalancer): string {
  return balancer.at("loadBalancerType").value ?? "application";
}

/** The protocol that a listener speaks; undefined of one for appliances, which has neither protocol nor port. */
export function protocolOf(listener: Resource<ListenerArgs>): string | undefined {
  // Without a word it is HTTP (provider's documentation of aws.lb.Listener).
  return listener.at("protocol").value ?? (listener.at("port").isSet ? "HTTP" : undefined);
}
