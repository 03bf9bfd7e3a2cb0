import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, text, texts } from "../../core/values.ts";
import type { World } from "../../core/world.ts";
import type { IssuedCertificate } from "../../plane/certificate-authority.ts";
import { Listener } from "../../plane/load-balancer/listener.ts";
import type { Location } from "../../plane/load-balancer/target.ts";
import { type Algorithm, type GroupSettings, TargetGroup, type TargetHealth } from "../../plane/load-balancer/target-group.ts";
import { reach } from "../../plane/workload-server.ts";
import { CERTIFICATE } from "../acm/certificate.ts";
import { INSTANCE, isRunning, serverOf } from "../ec2/instance-server.ts";
import { AccessLogFiles, accessLogOf } from "./access-log-files.ts";
import { accessLogLine } from "./access-log-line.ts";
import { usersOf } from "./actions.ts";
import { frontOf, listenerPlan, listenersOf } from "./listener-plan.ts";
import { LOAD_BALANCER, TARGET_GROUP } from "./names.ts";
import { forgetTerminated, registeredTargets } from "./registered-targets.ts";
import { Statistics } from "./statistics.ts";

/** The load balancers of a cloud at work: their listeners and target groups on this machine. What they are to be is in the world. */
export class Balancing {
  /** What has become of the requests. */
  readonly statistics = new Statistics();
  /** The access logs on their way into buckets. */
  readonly logs: AccessLogFiles;
  private readonly cloud: Cloud;
  private readonly groups = new Map<string, TargetGroup>();
  private readonly listeners = new Map<string, { readonly name: string; readonly opened: Promise<Listener> }>();
  private readonly ports = new Map<string, number>();
  private readonly told = new Set<string>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.logs = new AccessLogFiles(cloud);
  }

  /** The running target group of a resource, as that says now. */
  group(row: Resource): TargetGroup {
    const known = this.groups.get(row.id);
    const group = known ?? new TargetGroup(row.id, settingsOf(row), this.surroundings(row));
    this.groups.set(row.id, group);
    if (known === undefined) {
      group.use(usersOf(this.cloud, row.id).length > 0);
      this.settleTargets(row);
    } else known.configure(settingsOf(row, registeredTargets(this.cloud, row.id).length));
    return group;
  }

  /** Ends a target group; an unknown one is fine. */
  dropGroup(arn: string): void {
    this.groups.get(arn)?.close();
    this.groups.delete(arn);
  }

  /** Lets a group have just the targets that are registered with it; those that are not any more drain. */
  settleTargets(row: Resource): void {
    const group = this.group(row);
    const wanted = registeredTargets(this.cloud, row.id);
    group.configure(settingsOf(row, wanted.length));
    for (const { id, port } of group.health())
      if (!wanted.some((target) => target.id === id && target.port === port)) group.deregister(id, port);
    for (const target of wanted) group.register({ ...target, locate: (port) => this.locate(row.region, target.id, port) });
  }

  /** The health of a group's targets. */
  health(arn: string): TargetHealth[] {
    return this.groups.get(arn)?.health() ?? [];
  }

  /** Whether a target has nothing under way any more, or its time to drain is over. */
  isDrained(arn: string, id: string, port: number): boolean {
    return this.groups.get(arn)?.isDrained(id, port) ?? true;
  }

  /** Opens a listener, or lets the open one follow what the world says now. */
  async listen(row: Resource): Promise<void> {
    const port = await this.cloud.ports.of(portKey(row.id));
    this.ports.set(row.id, port);
    const certificate = await this.certificateOf(row);
    const planned = listenerPlan(this.cloud, row, this.parts());
    const plan = planned === undefined ? undefined : { ...planned, ...(certificate !== undefined && { certificate }) };
    const loadBalancer = this.cloud.world.get(LOAD_BALANCER, text(row.inputs, "loadBalancerArn"));
    if (plan === undefined || loadBalancer === undefined) return;
    const name = `${text(loadBalancer.outputs, "dnsName")}:${plan.port}`;
    const before = this.listeners.get(row.id);
    // Kept before it stands open: whoever comes meanwhile gets the same listener.
    const opened = before?.opened ?? Listener.open(port, plan);
    this.listeners.set(row.id, { name, opened });
    try {
      (await opened).follow(plan);
    } catch (error) {
      if (this.listeners.get(row.id)?.opened === opened) this.listeners.delete(row.id);
      throw error;
    }
    if (before !== undefined && before.name !== name) this.cloud.addresses.remove(before.name);
    this.cloud.addresses.set(name, { host: "127.0.0.1", port });
    this.settleUse();
    this.settleDoor(loadBalancer);
  }

  /** Closes a listener and gives its port back; an unknown one is fine. */
  async silence(row: Resource): Promise<void> {
    const open = this.listeners.get(row.id);
    this.listeners.delete(row.id);
    this.ports.delete(row.id);
    if (open !== undefined) this.cloud.addresses.remove(open.name);
    this.settleUse();
    const loadBalancer = this.cloud.world.get(LOAD_BALANCER, text(row.inputs, "loadBalancerArn"));
    if (loadBalancer !== undefined) this.settleDoor(loadBalancer);
    await (await open?.opened.catch(() => undefined))?.close();
    this.cloud.ports.forget(portKey(row.id));
  }

  /** Lets targets go whose servers are terminated, and looks at the health of those whose time has come. Resolves when all have answered. */
  async check(): Promise<void> {
    for (const row of this.cloud.world.all(TARGET_GROUP)) if (forgetTerminated(this.cloud, row)) this.settleTargets(row);
    await Promise.all([...this.groups.values()].map((group) => group.check()));
  }

  /** Closes what is open, for the end of the daemon: the next one opens the same again. */
  async close(): Promise<void> {
    const open = [...this.listeners.values()];
    this.listeners.clear();
    await Promise.all(open.map(async ({ opened }) => (await opened.catch(() => undefined))?.close()));
    for (const group of this.groups.values()) group.close();
    this.groups.clear();
    await this.logs.finish();
  }

  /** The sandbox's own certificate for the names that the listener's certificate is for. */
  private async certificateOf({ inputs, region }: Resource): Promise<IssuedCertificate | undefined> {
    const row = this.cloud.world.get(CERTIFICATE, text(inputs, "certificateArn"), region);
    if (row === undefined) return undefined;
    return this.cloud.trust.issue([
      ...new Set([text(row.outputs, "domainName"), ...texts(row.outputs, "subjectAlternativeNames")]),
    ]);
  }

  private parts(): Parameters<typeof listenerPlan>[2] {
    return {
      group: (arn) => {
        const row = this.cloud.world.get(TARGET_GROUP, arn);
        return row === undefined ? undefined : { row, group: this.group(row) };
      },
      localPort: (listener) => this.ports.get(listener),
      answered: (loadBalancer, listener, what, exchange) => {
        const { outputs, region } = loadBalancer;
        this.statistics.take({ region, suffix: text(outputs, "arnSuffix") }, what);
        if (accessLogOf(loadBalancer) !== undefined)
          this.logs.take(loadBalancer, accessLogLine(this.cloud, loadBalancer, listener, what, exchange));
      },
    };
  }

  private surroundings({ outputs }: Resource): ConstructorParameters<typeof TargetGroup>[2] {
    return {
      now: this.cloud.now,
      random: Math.random,
      changed: (_group, { id, port, reason, state }) => {
        const why = reason === undefined ? "" : `: ${reason.description}`;
        this.cloud.note(`The target ${id}:${port} of ${text(outputs, "name")} is ${state}${why}`);
      },
    };
  }

  /** Where a target takes connections. Why it does not is noted once. */
  private async locate(region: string, id: string, port: number): Promise<Location> {
    const server = this.cloud.world.get(INSTANCE, id, region);
    if (server === undefined || !isRunning(server)) return "stopped";
    const found = await reach(this.cloud, serverOf(this.cloud, server), port).catch(messageOf);
    if (typeof found === "number") return found;
    if (!this.told.has(found)) this.cloud.note(`A load balancer does not reach its target: ${found}`);
    this.told.add(found);
    return undefined;
  }

  /** Only groups that a listener sends requests to are looked at. */
  private settleUse(): void {
    for (const [arn, group] of this.groups) group.use(usersOf(this.cloud, arn).length > 0);
  }

  /** The way in for people: the listener for HTTPS, or else the one with the lowest port. */
  private settleDoor(loadBalancer: Resource): void {
    const { name, dnsName } = { name: text(loadBalancer.outputs, "name"), dnsName: text(loadBalancer.outputs, "dnsName") };
    const [first] = listenersOf(this.cloud, loadBalancer)
      .flatMap((row) => {
        const [local, front] = [this.ports.get(row.id), frontOf(row)];
        return local === undefined ? [] : [{ local, rank: front.protocol === "HTTPS" ? 0 : front.port }];
      })
      .sort((one, other) => one.rank - other.rank);
    if (first === undefined) this.cloud.addresses.removeDoor(name);
    else this.cloud.addresses.setDoor(name, { url: `http://127.0.0.1:${first.local}`, target: dnsName });
  }
}

// By the world, of which there is one for each sandbox however often its Cloud object is copied.
const running = new WeakMap<World, Balancing>();

/** The load balancers of this cloud. */
export function balancingOf(cloud: Cloud): Balancing {
  const known = running.get(cloud.world) ?? new Balancing(cloud);
  running.set(cloud.world, known);
  return known;
}

/** A group's settings; `targets` says how many there are, where a share of them must be healthy. */
function settingsOf({ outputs }: Resource, targets = 0): GroupSettings {
  const check = isProps(outputs["healthCheck"]) ? outputs["healthCheck"] : {};
  const port = text(check, "port");
  return {
    check: {
      path: text(check, "path"),
      ...(port !== "traffic-port" && { port: Number(port) }),
      matcher: text(check, "matcher"),
      intervalMs: 1000 * Number(check["interval"]),
      timeoutMs: 1000 * Number(check["timeout"]),
      healthyThreshold: Number(check["healthyThreshold"]),
      unhealthyThreshold: Number(check["unhealthyThreshold"]),
    },
    algorithm: text(outputs, "loadBalancingAlgorithmType") as Algorithm,
    slowStartMs: 1000 * Number(outputs["slowStart"]),
    drainMs: 1000 * Number(outputs["deregistrationDelay"]),
    leastHealthy: leastHealthy(outputs, targets),
  };
}

function leastHealthy(outputs: Resource["outputs"], targets: number): number {
  const health = isProps(outputs["targetGroupHealth"]) ? outputs["targetGroupHealth"] : {};
  const routing = isProps(health["unhealthyStateRouting"]) ? health["unhealthyStateRouting"] : {};
  const percentage = text(routing, "minimumHealthyTargetsPercentage");
  const share = /^\d+$/.test(percentage) ? Math.ceil((targets * Number(percentage)) / 100) : 0;
  return Math.max(Number(routing["minimumHealthyTargetsCount"] ?? 1), share);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function portKey(listener: string): string {
  return `listener:${listener}`;
}
