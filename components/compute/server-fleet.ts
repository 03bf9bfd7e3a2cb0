import type { Group } from "@pulumi/aws/autoscaling/group.js";
import { LifecycleHook } from "@pulumi/aws/autoscaling/lifecycleHook.js";
import { Policy } from "@pulumi/aws/autoscaling/policy.js";
import { Schedule } from "@pulumi/aws/autoscaling/schedule.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { requireGroup, serverGroup, type ServerGroupArgs } from "./server-group.ts";
import { SET_UP_SECONDS, type WarmPool } from "./warm-pool.ts";

/** A load balancer, as far as the servers behind it need to know it. */
export interface Balancer {
  readonly securityGroupId: pulumi.Input<string>;
  /** The port on which it speaks to the servers. */
  readonly port: number;
  /** The group of targets into which the servers go. */
  readonly target: { readonly arn: pulumi.Input<string>; readonly requestLabel: pulumi.Input<string> };
}

/** A size that the fleet has from a moment on. */
export interface ScheduledSize {
  /** When, as cron writes it: minute, hour, day, month, day of the week. */
  readonly recurrence: string;
  /** In which time zone that is. @default "UTC" */
  readonly timeZone?: string;
  /** Least servers from then on. */
  readonly minServers: number;
}

/** What the caller decides about a {@link ServerFleet}. */
export interface ServerFleetArgs extends ServerGroupArgs {
  /** The load balancer before the servers. */
  readonly balancer: Balancer;
  /** The fleet grows above this use of the processors, in percent, and shrinks well below. @default 50 */
  readonly cpuPercent?: number;
  /** The fleet grows above so many requests a minute for each server. @default 3000 */
  readonly requestsPerMinute?: number;
  /** What is done with the forecast of the load that AWS makes from the last two weeks: nothing, look at it, or grow ahead of it. @default "watch" */
  readonly forecast?: "off" | "watch" | "scale";
  /** Servers that are set up and stand stopped until they are needed, so that the fleet grows in seconds; not together with Spot instances. @default 0 */
  readonly warmServers?: number;
  /** Sizes for known hours, by a name that is never changed. @default - none */
  readonly schedules?: Readonly<Record<string, ScheduledSize>>;
}

/**
 * Servers behind a load balancer, in private subnets of several zones: without an address on the internet, replaced when they fail, more of them when the load grows.
 *
 * The product listens on the load balancer's port, and says in `/readyz` whether it can take requests. A fleet counts as made once its least servers are healthy there, so
 * what depends on it, such as a name that is led to it, waits until it can serve. A new release starts beside the old one and takes over server by server;
 * one that does not become healthy is turned back.
 *
 * With `warmServers` a new server is held back until it says that it is set up; those of the pool say so, are stopped, and start again in seconds when they are needed. The
 * servers that are made together with the fleet are not held back yet, and the first release after that puts the pool in order.
 *
 * To change the size of servers is to change `instanceTypes`; how many there are, `minServers` and `maxServers`. Both are updates in place.
 *
 * **Cost**: 71 USD a month for each m7g.large (0.0978 USD an hour; some 40 % of that as Spot, only the disk while it stands stopped), 2 USD for 20 GiB of disk, 1.80 USD for the fleet's memory and disk metrics
 * (Frankfurt).
 */
export class ServerFleet extends pulumi.ComponentResource {
  /** By which Auto Scaling and CloudWatch know the fleet. */
  readonly groupName: pulumi.Output<string>;
  /** The group before the servers. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Main child, for alarms. */
  readonly group: Group;

  readonly #name: string;

  constructor(name: string, args: ServerFleetArgs, opts?: pulumi.ComponentResourceOptions) {
    const { balancer, cpuPercent = 50, minServers = 2, requestsPerMinute = 3000, schedules = {}, warmServers = 0 } = args;
    const what = `ServerFleet "${name}"`;
    requireGroup(what, args);
    requireBetween(`${what}: cpuPercent`, cpuPercent, 10, 90);
    requireBetween(`${what}: requestsPerMinute`, requestsPerMinute, 1, 10_000_000);
    requireSchedules(what, args);
    requireWarmPool(what, args);
    super("platform:compute:ServerFleet", name, {}, opts);
    this.#name = name;

    const { group, securityGroup } = serverGroup(
      name,
      args,
      {
        description: "The product from the load balancer, its stores and TLS to the outside",
        // The load balancer stands in the same private network, and nobody else gets in.
        environment: { HOST: "0.0.0.0", TRUSTED_PROXIES: "uniquelocal" },
        stopSeconds: 30,
        ...(warmServers > 0 && { warm: { ...this.#warmPool(args), servers: warmServers } }),
        health: {
          healthCheckType: "ELB",
          healthCheckGracePeriod: 120,
          minElbCapacity: minServers,
          targetGroupArns: [balancer.target.arn],
        },
      },
      { parent: this },
    );
    this.group = group;
    this.groupName = group.name;
    this.securityGroupId = securityGroup.id;
    this.#letIn(args);
    this.#track("cpu", cpuPercent, { predefinedMetricType: "ASGAverageCPUUtilization" });
    const perServer = { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel: balancer.target.requestLabel };
    this.#track("requests", requestsPerMinute, perServer);
    this.#foresee(args);
    for (const [role, size] of Object.entries(schedules)) this.#schedule(role, size);
    if (warmServers > 0) this.#holdUntilSetUp(args);

    this.registerOutputs({ groupName: this.groupName, securityGroupId: this.securityGroupId });
  }

  #letIn({ balancer, tags }: ServerFleetArgs): void {
    const port = { ipProtocol: "tcp", fromPort: balancer.port, toPort: balancer.port, tags };
    const [fleet, front] = [this.securityGroupId, balancer.securityGroupId];
    new SecurityGroupIngressRule(
      `${this.#name}-in-balancer`,
      { ...port, securityGroupId: fleet, referencedSecurityGroupId: front, description: "The load balancer" },
      { parent: this },
    );
    new SecurityGroupEgressRule(
      `${this.#name}-from-balancer`,
      { ...port, securityGroupId: front, referencedSecurityGroupId: fleet, description: "The servers" },
      { parent: this },
    );
  }

  #warmPool({ region }: ServerFleetArgs): WarmPool {
    return { region, groupName: this.#name, hookName: `${this.#name}-set-up` };
  }

  #holdUntilSetUp(args: ServerFleetArgs): void {
    const { hookName: name } = this.#warmPool(args);
    new LifecycleHook(
      name,
      {
        name,
        autoscalingGroupName: this.groupName,
        lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        heartbeatTimeout: SET_UP_SECONDS,
        defaultResult: "ABANDON",
      },
      { parent: this },
    );
  }

  #track(role: string, targetValue: number, predefinedMetricSpecification: TrackedMetric): void {
    new Policy(
      `${this.#name}-${role}`,
      {
        autoscalingGroupName: this.groupName,
        policyType: "TargetTrackingScaling",
        targetTrackingConfiguration: { predefinedMetricSpecification, targetValue },
      },
      { parent: this },
    );
  }

  #foresee({ cpuPercent: targetValue = 50, forecast = "watch" }: ServerFleetArgs): void {
    if (forecast === "off") return;
    new Policy(
      `${this.#name}-forecast`,
      {
        autoscalingGroupName: this.groupName,
        policyType: "PredictiveScaling",
        predictiveScalingConfiguration: {
          mode: forecast === "scale" ? "ForecastAndScale" : "ForecastOnly",
          // Servers are there five minutes before the load that they are for.
          schedulingBufferTime: "300",
          metricSpecification: {
            targetValue,
            predefinedMetricPairSpecification: { predefinedMetricType: "ASGCPUUtilization" },
          },
        },
      },
      { parent: this },
    );
  }

  #schedule(role: string, { minServers, recurrence, timeZone = "UTC" }: ScheduledSize): void {
    new Schedule(
      `${this.#name}-at-${role}`,
      {
        autoscalingGroupName: this.groupName,
        scheduledActionName: role,
        recurrence,
        timeZone,
        minSize: minServers,
        // -1 leaves them as they are.
        maxSize: -1,
        desiredCapacity: -1,
      },
      { parent: this },
    );
  }
}

/** What Auto Scaling measures by itself. */
interface TrackedMetric {
  readonly predefinedMetricType: string;
  readonly resourceLabel?: pulumi.Input<string>;
}

function requireWarmPool(what: string, { spotPercent = 0, warmServers = 0 }: ServerFleetArgs): void {
  requireBetween(`${what}: warmServers`, warmServers, 0, 1000);
  // A Spot instance can't be stopped and kept (Amazon EC2 Auto Scaling User Guide, "Warm pools", limitations).
  if (warmServers > 0 && spotPercent > 0)
    throw new RangeError(
      `${what}: warmServers is ${warmServers} and spotPercent is ${spotPercent}; allowed: one of them above 0`,
    );
}

function requireSchedules(what: string, { maxServers = 6, schedules = {} }: ServerFleetArgs): void {
  for (const [role, { minServers }] of Object.entries(schedules))
    requireBetween(`${what}: schedules.${role}.minServers`, minServers, 1, maxServers);
}
