import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import type { Space, World } from "../../core/world.ts";
import { numberOr } from "../autoscaling/group-settings.ts";
import { capacityFor, readTracking } from "../autoscaling/target-tracking.ts";
import { Tasks } from "../autoscaling/tasks.ts";
import { nested } from "../ec2/instance-outputs.ts";
import { addReader, isAutoscaled, readersOf, removeReader } from "../rds/autoscaled-readers.ts";
import { clusterOf, POLICY, TARGET } from "./names.ts";
import { readerMetric } from "./reader-metric.ts";

/** How often it is looked whether there is something to do. */
const LOOK_MS = 1000;
const MINUTE_MS = 60_000;
/** Measures of a minute stand in the store a moment after it is over. */
const SETTLED_MS = 10_000;
/** Seconds without another change after one, unless the policy says otherwise (Application Auto Scaling User Guide, "Define cooldown periods"). */
const COOLDOWN = 300;
/** How long nothing is added after RDS could not add a reader. */
const RETRY_MS = 60_000;

/** What is remembered of a target. Times are milliseconds since the epoch. */
type Scaling = {
  /** How many readers there are to be; null where it is as it should be. */
  readonly goal: number | null;
  /** The end of the last minute on which its policies have decided. */
  readonly decidedAt: number;
  readonly noMoreBefore: number;
  readonly noFewerBefore: number;
};

/** The readers of Aurora clusters, as Application Auto Scaling adds and removes them. */
export class ReadersAtWork {
  private readonly cloud: Cloud;
  private readonly tasks: Tasks;
  private isClosed = false;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.tasks = new Tasks(cloud.note);
  }

  /** Lets the policies decide, once a minute, and begins to add and remove what that takes. */
  look(): void {
    if (this.isClosed) return;
    for (const target of this.cloud.world.all(TARGET)) {
      const cluster = clusterOf(this.cloud, target);
      if (target.phase !== "ready" || cluster === undefined) continue;
      this.keepBounds(target, cluster);
      this.decide(target, cluster);
      const { goal } = scalingOf(this.cloud, target);
      if (goal !== null) this.tasks.begin(target.id, () => this.approach(target, cluster));
    }
  }

  /** Resolves when nothing is under way. */
  settled(): Promise<void> {
    return this.tasks.settled();
  }

  /** Removes every reader that was added to the cluster of a target that goes. */
  async clear(target: Resource): Promise<void> {
    const cluster = clusterOf(this.cloud, target);
    await this.settled();
    while (cluster !== undefined && (await removeReader(this.cloud, cluster)) !== undefined);
  }

  /** Looks no more, and resolves when nothing is under way. The next daemon goes on. */
  async close(): Promise<void> {
    this.isClosed = true;
    atWork.delete(this.cloud.world);
    await this.settled();
  }

  private keepBounds(target: Resource, cluster: Resource): void {
    const [min, max] = boundsOf(target);
    const scaling = scalingOf(this.cloud, target);
    const now = readersOf(this.cloud, cluster).length;
    const wanted = Math.min(max, Math.max(min, scaling.goal ?? now));
    if (scaling.goal === null && wanted === now) return;
    const mayAdd = wanted < now || this.cloud.now() >= scaling.noMoreBefore;
    if (mayAdd) keep(this.cloud, target, { ...scaling, goal: wanted });
  }

  private decide(target: Resource, cluster: Resource): void {
    const end = Math.floor((this.cloud.now() - SETTLED_MS) / MINUTE_MS) * MINUTE_MS;
    const scaling = scalingOf(this.cloud, target);
    if (scaling.decidedAt >= end) return;
    keep(this.cloud, target, { ...scaling, decidedAt: end });
    // What has been decided is carried out first.
    if (scaling.goal !== null) return;
    const readers = readersOf(this.cloud, cluster).length;
    const suspended = nested(target.outputs, "suspendedState");
    const readings = policiesOf(this.cloud, target).map(({ id, inputs }) => {
      const configuration = nested(inputs, "targetTrackingScalingPolicyConfiguration");
      const aim = numberOr(configuration["targetValue"], 1);
      const reading = readTracking(this.cloud, target.region, readerMetric(configuration, cluster.id), aim, end);
      return { id, configuration, ...reading, needed: capacityFor(Math.max(1, readers), reading.value, aim) };
    });
    const [more] = readings.filter(({ wants }) => wants === "more").sort((one, other) => other.needed - one.needed);
    if (more !== undefined) {
      if (suspended["dynamicScalingOutSuspended"] !== true && this.cloud.now() >= scaling.noMoreBefore)
        this.aim(target, readers, more.needed, more);
      return;
    }
    const voters = readings.filter(({ configuration }) => configuration["disableScaleIn"] !== true);
    const [first] = voters;
    const mayShrink = suspended["dynamicScalingInSuspended"] !== true && this.cloud.now() >= scaling.noFewerBefore;
    if (first === undefined || !mayShrink || !voters.every(({ wants }) => wants === "less")) return;
    if (Math.max(...voters.map(({ needed }) => needed)) < readers) this.aim(target, readers, readers - 1, first);
  }

  /** Sets out for another number of readers, within the bounds of the target. */
  private aim(
    target: Resource,
    readers: number,
    wanted: number,
    { configuration, id, value }: { readonly configuration: Props; readonly id: string; readonly value: number },
  ): void {
    const [min, max] = boundsOf(target);
    const goal = Math.min(max, Math.max(min, wanted));
    if (goal === readers) return;
    const after = (name: string): number => this.cloud.now() + 1000 * numberOr(configuration[name], COOLDOWN);
    const [noMoreBefore, noFewerBefore] = [after("scaleOutCooldown"), after("scaleInCooldown")];
    keep(this.cloud, target, { ...scalingOf(this.cloud, target), goal, noMoreBefore, noFewerBefore });
    this.cloud.note(
      `${target.id} goes from ${readers} to ${goal} readers by its policy ${id}, at ${Number(value.toPrecision(4))}`,
    );
  }

  /** Adds or removes one reader after the other until the goal is reached. Only those that were added here are removed. */
  private async approach(target: Resource, cluster: Resource): Promise<void> {
    try {
      for (;;) {
        const { goal } = scalingOf(this.cloud, target);
        const readers = readersOf(this.cloud, cluster);
        if (goal === null || this.isClosed) return;
        if (readers.length < goal) await addReader(this.cloud, cluster);
        else if (readers.length > goal && readers.some(isAutoscaled)) await removeReader(this.cloud, cluster);
        else break;
      }
      keep(this.cloud, target, { ...scalingOf(this.cloud, target), goal: null });
    } catch (error) {
      const scaling = scalingOf(this.cloud, target);
      keep(this.cloud, target, {
        ...scaling,
        goal: null,
        noMoreBefore: Math.max(scaling.noMoreBefore, this.cloud.now() + RETRY_MS),
      });
      throw error;
    }
  }
}

function boundsOf({ inputs }: Resource): readonly [min: number, max: number] {
  return [numberOr(inputs["minCapacity"], 0), numberOr(inputs["maxCapacity"], 0)];
}

function policiesOf(cloud: Cloud, { id, region }: Resource): Resource[] {
  return cloud.world
    .all(POLICY)
    .filter((row) => row.region === region && row.phase === "ready" && text(row.inputs, "resourceId") === id);
}

/** Forgets what is remembered of a target that is gone. */
export function forgetTarget(cloud: Cloud, target: Resource): void {
  kept(cloud).delete(keyOf(target));
}

function scalingOf(cloud: Cloud, target: Resource): Scaling {
  return kept(cloud).get(keyOf(target)) ?? { goal: null, decidedAt: 0, noMoreBefore: 0, noFewerBefore: 0 };
}

function keep(cloud: Cloud, target: Resource, scaling: Scaling): void {
  kept(cloud).set(keyOf(target), scaling);
}

function kept(cloud: Cloud): Space<Scaling> {
  return cloud.world.space<Scaling>("appautoscaling-target");
}

function keyOf({ id, region }: Resource): string {
  return `${region} ${id}`;
}

// By the world, of which there is one for each sandbox however often its Cloud object is copied.
const atWork = new WeakMap<World, ReadersAtWork>();

/** The readers of this cloud's clusters, looked after until they are closed. */
export function readersAtWork(cloud: Cloud): ReadersAtWork {
  const known = atWork.get(cloud.world) ?? new ReadersAtWork(cloud);
  atWork.set(cloud.world, known);
  return known;
}

/** Starts looking after the readers of a daemon. `close` resolves when nothing is under way. */
export function startReaders(cloud: Cloud): { readonly close: () => Promise<void> } {
  const readers = readersAtWork(cloud);
  const timer = setInterval(() => {
    readers.look();
  }, LOOK_MS).unref();
  return {
    close: () => {
      clearInterval(timer);
      return readers.close();
    },
  };
}
