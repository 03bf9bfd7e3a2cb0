import type { Cloud } from "../../core/cloud.ts";
import type { TargetHealth } from "../../plane/load-balancer/target-group.ts";
import { usersOf } from "./actions.ts";
import { balancingOf } from "./balancing.ts";
import { arnSuffix, TARGET_GROUP } from "./names.ts";
import type { Published } from "./statistics.ts";

const NAMESPACE = "AWS/ApplicationELB";

/** Publishes what load balancers publish of themselves (Elastic Load Balancing User Guide, "CloudWatch metrics for your Application Load Balancer"). */
export class BalancerMetrics {
  private readonly cloud: Cloud;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** Publishes the minute that began at `minute`, and what is left of those before. */
  collect(minute: number): void {
    const requests = new Map<string, number>();
    for (const { at, published } of balancingOf(this.cloud).statistics.upTo(minute)) {
      for (const one of published) {
        this.publish(one, at);
        if (one.group !== undefined && at === minute) requests.set(one.group, one.minute.counts.get("RequestCount") ?? 0);
      }
    }
    this.hosts(minute, requests);
  }

  private publish({ region, suffix, group, minute }: Published, at: number): void {
    const dimensions = { LoadBalancer: suffix, ...(group !== undefined && { TargetGroup: group }) };
    for (const [name, count] of minute.counts)
      this.cloud.putMetric(NAMESPACE, name, dimensions, 1, { unit: "Count", at, region, count });
    for (const [seconds, count] of minute.times)
      this.cloud.putMetric(NAMESPACE, "TargetResponseTime", dimensions, seconds, { unit: "Seconds", at, region, count });
  }

  /** How many targets of each group are well, in all and by zone, and how many requests each of them got. */
  private hosts(at: number, requests: ReadonlyMap<string, number>): void {
    for (const { id, region } of this.cloud.world.all(TARGET_GROUP)) {
      const [user] = usersOf(this.cloud, id);
      const targets = balancingOf(this.cloud)
        .health(id)
        .filter(({ state }) => state !== "draining");
      if (user === undefined || targets.length === 0) continue;
      const TargetGroup = arnSuffix(id);
      const whole = { LoadBalancer: arnSuffix(user.loadBalancer), TargetGroup };
      const zones = new Set(targets.map(({ zone }) => zone));
      this.healthOf(targets, whole, at, region);
      for (const zone of zones)
        this.healthOf(
          targets.filter((target) => target.zone === zone),
          { ...whole, AvailabilityZone: zone },
          at,
          region,
        );
      const each = (requests.get(TargetGroup) ?? 0) / Math.max(1, targets.filter(isHealthy).length);
      for (const dimensions of [{ TargetGroup }, whole])
        this.cloud.putMetric(NAMESPACE, "RequestCountPerTarget", dimensions, each, { unit: "Count", at, region });
    }
  }

  private healthOf(targets: readonly TargetHealth[], dimensions: Record<string, string>, at: number, region: string): void {
    const healthy = targets.filter(isHealthy).length;
    const counts = { HealthyHostCount: healthy, UnHealthyHostCount: targets.length - healthy };
    for (const [name, value] of Object.entries(counts))
      this.cloud.putMetric(NAMESPACE, name, dimensions, value, { unit: "Count", at, region });
  }
}

function isHealthy({ state }: TargetHealth): boolean {
  return state === "healthy";
}
