import { createHash } from "node:crypto";
import { type HealthCheck, probe, type Reason, REASONS, type TargetState } from "./health.ts";
import { Turns } from "./shares.ts";
import { type Registration, Target } from "./target.ts";

/** How a group hands out requests. */
export type Algorithm = "round_robin" | "least_outstanding_requests" | "weighted_random";

/** What a target group is to be. */
export interface GroupSettings {
  readonly check: HealthCheck;
  readonly algorithm: Algorithm;
  /** How long a target that has just become healthy gets less than its share; 0 for no such time. */
  readonly slowStartMs: number;
  /** How long a target that leaves may take to answer what is under way. */
  readonly drainMs: number;
  /** With fewer healthy targets than this, all get requests. @default 1 */
  readonly leastHealthy?: number;
}

/** The health of a target, as Elastic Load Balancing describes it. */
export interface TargetHealth {
  readonly id: string;
  readonly port: number;
  readonly zone: string;
  readonly state: TargetState;
  /** @default - it is healthy */
  readonly reason?: Reason;
}

/** What a target group stands in. */
export interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 to 1, 1 excluded; for the algorithm that draws lots. */
  readonly random: () => number;
  /** Told of each change of a target's health. */
  readonly changed: (group: TargetGroup, health: TargetHealth) => void;
}

/**
 * The targets that share the requests of a rule. Their health is looked at when {@link check} is called, for those whose time has come; a target takes part once
 * it has passed a check. Where no target is healthy all of them get requests, whatever their health: the load balancer fails open.
 */
export class TargetGroup {
  /** What it is known by: its ARN. */
  readonly id: string;
  /** What stands for it in a cookie. */
  readonly cookie: string;
  private settings: GroupSettings;
  private readonly around: Surroundings;
  private readonly targets = new Map<string, Target>();
  private readonly turns = new Turns<Target>();
  private readonly checking = new Map<Target, Promise<void>>();
  private used = false;

  constructor(id: string, settings: GroupSettings, around: Surroundings) {
    this.id = id;
    this.cookie = createHash("sha256").update(id).digest("base64url");
    this.settings = settings;
    this.around = around;
  }

  /** Takes other settings; what is under way goes on as it began. */
  configure(settings: GroupSettings): void {
    const slows = settings.slowStartMs > 0;
    if (!slows) for (const target of this.targets.values()) target.slowSince = undefined;
    this.settings = settings;
  }

  /** Whether a listener sends requests here: only then are targets asked for their health. */
  use(used: boolean): void {
    if (used === this.used) return;
    this.used = used;
    for (const target of this.targets.values()) {
      if (target.drainsUntil === undefined) this.begin(target);
    }
  }

  /** Takes a target in, whose `locate` must not fail; one that is leaving comes back as a new one. The same again changes nothing. */
  register(registration: Registration): void {
    const key = keyOf(registration);
    const known = this.targets.get(key);
    if (known !== undefined && known.drainsUntil === undefined) return;
    known?.close();
    const target = new Target(registration, this.id, this.around.now());
    target.startsSlowly = this.takesWholeShare();
    this.targets.set(key, target);
    this.begin(target);
  }

  /** Lets a target go: it gets nothing new, and answers what is under way. An unknown one is fine. */
  deregister(id: string, port: number): void {
    const target = this.targets.get(keyOf({ id, port }));
    if (target === undefined || target.drainsUntil !== undefined) return;
    target.drainsUntil = this.around.now() + this.settings.drainMs;
    target.slowSince = undefined;
    target.health.set("draining", REASONS.deregistered);
    this.tell(target);
  }

  /** Whether nothing of the target is under way any more, or its time to drain is over. An unknown one is. */
  isDrained(id: string, port: number): boolean {
    const target = this.targets.get(keyOf({ id, port }));
    if (target === undefined) return true;
    return target.drainsUntil !== undefined && (target.inFlight === 0 || this.around.now() >= target.drainsUntil);
  }

  /** The health of every target, in the order of their registration. */
  health(): TargetHealth[] {
    return [...this.targets.values()].map(healthOf);
  }

  /**
   * The target of the next request: the one that `cookie` names, if that may have requests; otherwise the one whose turn it is. Undefined where no target is registered.
   */
  choose(cookie?: string): Target | undefined {
    const eligible = this.eligible();
    return eligible.find((target) => target.cookie === cookie) ?? this.byAlgorithm(eligible);
  }

  /** Looks at the health of every target whose time has come, and forgets those that have drained. Resolves when all have answered. */
  async check(): Promise<void> {
    const now = this.around.now();
    for (const [key, target] of this.targets) {
      if (target.drainsUntil === undefined || now < target.drainsUntil) continue;
      this.targets.delete(key);
      target.close();
    }
    const due = [...this.targets.values()].filter((target) => target.drainsUntil === undefined && now >= target.nextCheckAt);
    for (const target of this.used ? due : []) {
      if (this.checking.has(target)) continue;
      target.nextCheckAt = now + this.settings.check.intervalMs;
      const look = this.look(target).finally(() => this.checking.delete(target));
      this.checking.set(target, look);
    }
    await Promise.all(this.checking.values());
  }

  /** Lets every target go at once. */
  close(): void {
    for (const target of this.targets.values()) target.close();
    this.targets.clear();
  }

  private begin(target: Target): void {
    if (this.used) target.health.reset();
    else target.health.set("unused", REASONS.notInUse);
    target.nextCheckAt = this.around.now();
  }

  private async look(target: Target): Promise<void> {
    const { check } = this.settings;
    const traffic = await target.locate(target.registration.port);
    const asked = check.port === undefined ? traffic : await target.locate(check.port);
    if (asked === "stopped") {
      if (target.drainsUntil !== undefined || target.health.state === "unused") return;
      target.health.set("unused", REASONS.notRunning);
      this.tell(target);
      return;
    }
    // One that was started again is asked anew.
    if (target.health.state === "unused") target.health.reset();
    const failure = await probe(asked, check);
    // It may have been let go in the meantime.
    if (target.drainsUntil !== undefined || !this.used) return;
    if (!target.health.take(failure, check)) return;
    this.setPace(target);
    this.tell(target);
  }

  /** A target that joins healthy ones begins slowly; the first must take all there is. */
  private setPace(target: Target): void {
    if (target.health.state === "healthy") {
      const slowly = this.settings.slowStartMs > 0 && target.startsSlowly && this.takesWholeShare(target);
      target.slowSince = slowly ? this.around.now() : undefined;
      target.startsSlowly = false;
    } else {
      // Cut off in its slow start, it begins that anew.
      target.startsSlowly = target.startsSlowly || this.weightOf(target) < 1;
      target.slowSince = undefined;
    }
  }

  /** Whether there is a healthy target, other than this one, that is not in its slow start. */
  private takesWholeShare(besides?: Target): boolean {
    return [...this.targets.values()].some((target) => target !== besides && isHealthy(target) && this.weightOf(target) === 1);
  }

  private eligible(): Target[] {
    const registered = [...this.targets.values()].filter(
      ({ drainsUntil, health }) => drainsUntil === undefined && health.state !== "unused",
    );
    const healthy = registered.filter(isHealthy);
    return healthy.length >= (this.settings.leastHealthy ?? 1) ? healthy : registered;
  }

  private byAlgorithm(eligible: readonly Target[]): Target | undefined {
    const { algorithm } = this.settings;
    if (algorithm === "weighted_random") return eligible[Math.floor(this.around.random() * eligible.length)];
    if (algorithm === "round_robin") return this.inTurn(eligible);
    const least = Math.min(...eligible.map(({ inFlight }) => inFlight));
    return this.inTurn(eligible.filter(({ inFlight }) => inFlight === least));
  }

  private inTurn(eligible: readonly Target[]): Target | undefined {
    const shares = eligible.map((of) => ({ of, weight: this.weightOf(of) }));
    return this.turns.next(shares) ?? eligible[0];
  }

  /** A target's share: all of it, or what has grown of it since its slow start began. */
  private weightOf({ slowSince }: Target): number {
    if (slowSince === undefined) return 1;
    return Math.min(1, (this.around.now() - slowSince) / this.settings.slowStartMs);
  }

  private tell(target: Target): void {
    this.around.changed(this, healthOf(target));
  }
}

function keyOf({ id, port }: Pick<Registration, "id" | "port">): string {
  return `${id}:${port}`;
}

function isHealthy({ health }: Target): boolean {
  return health.state === "healthy";
}

function healthOf({ registration: { id, port, zone }, health: { reason, state } }: Target): TargetHealth {
  return { id, port, zone, state, ...(reason !== undefined && { reason }) };
}
