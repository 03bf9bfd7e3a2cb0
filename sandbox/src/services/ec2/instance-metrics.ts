import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import type { Load } from "../../plane/process-load.ts";
import { type Credits, creditsOf, isUnlimited, keepCredits, settled } from "./instance-credits.ts";
import type { InstancePrograms, Programs } from "./instance-programs.ts";
import { INSTANCE, isRunning } from "./instance-server.ts";
import { isBurstable, processorsOf } from "./instance-types.ts";

/** Minutes between two data points of what EC2 does not publish every minute: credits, and the processor without detailed monitoring. */
const COARSE_MINUTES = 5;
const MINUTE_MS = 60_000;

/** What an instance has used and not yet published. */
interface Use {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/**
 * The metrics that EC2 publishes by `InstanceId` in `AWS/EC2`: status checks, processor and credits (Amazon EC2 User Guide, "CloudWatch metrics that are
 * available for your instances").
 *
 * The instance's check fails when it should run programs and none of them answers: the programs are all that there is of it here. The system's check passes
 * always, because its host is the machine that runs the daemon. There are no NetworkIn and NetworkOut: the instance's traffic is loopback traffic, which the
 * system does not count by process.
 */
export class InstanceMetrics {
  private readonly cloud: Cloud;
  private readonly programs: InstancePrograms;
  private readonly unpublished = new Map<string, Use>();
  private readonly credits = new Map<string, Credits>();

  constructor(cloud: Cloud, programs: InstancePrograms) {
    this.cloud = cloud;
    this.programs = programs;
  }

  /** Publishes the minute that began at `minute`. */
  collect(load: Load, minute: number): void {
    const running = this.cloud.world.all(INSTANCE).filter(isRunning);
    this.keep(new Set(running.map(({ id }) => id)));
    for (const instance of running) {
      const programs = this.programs.of(instance, load);
      this.checks(instance, programs, minute);
      const cpuSeconds = programs.apps.reduce((sum, { process }) => sum + (process?.cpuSeconds ?? 0), 0);
      const use = { seconds: load.seconds, cpuSeconds };
      const endsBlock = (minute / MINUTE_MS + 1) % COARSE_MINUTES === 0;
      this.processor(instance, use, minute, endsBlock);
      if (isBurstable(text(instance.outputs, "instanceType"))) this.spend(instance, use, minute, endsBlock);
    }
  }

  private checks(instance: Resource, programs: Programs, minute: number): void {
    const ofInstance = answers(programs) ? 0 : 1;
    const ofSystem = 0;
    const checks = {
      StatusCheckFailed: Math.max(ofInstance, ofSystem),
      StatusCheckFailed_Instance: ofInstance,
      StatusCheckFailed_System: ofSystem,
    };
    for (const [name, value] of Object.entries(checks)) this.put(instance, name, value, "Count", minute);
  }

  private processor(instance: Resource, use: Use, minute: number, endsBlock: boolean): void {
    const before = this.unpublished.get(instance.id) ?? { seconds: 0, cpuSeconds: 0 };
    const [seconds, cpuSeconds] = [before.seconds + use.seconds, before.cpuSeconds + use.cpuSeconds];
    if (!endsBlock && instance.outputs["monitoring"] !== true) {
      this.unpublished.set(instance.id, { cpuSeconds, seconds });
      return;
    }
    this.unpublished.delete(instance.id);
    if (seconds === 0) return;
    const available = seconds * processorsOf(text(instance.outputs, "instanceType"));
    // This machine may have more processors than the instance.
    this.put(instance, "CPUUtilization", Math.min(100, (100 * cpuSeconds) / available), "Percent", minute);
  }

  private spend(instance: Resource, use: Use, minute: number, endsBlock: boolean): void {
    const unlimited = isUnlimited(instance);
    const before = this.credits.get(instance.id) ?? creditsOf(this.cloud, instance);
    const credits = settled(before, text(instance.outputs, "instanceType"), { ...use, unlimited });
    this.credits.set(instance.id, credits);
    if (!endsBlock) return;
    keepCredits(this.cloud, instance.id, credits);
    this.put(instance, "CPUCreditBalance", credits.balance, "Count", minute);
    if (unlimited) this.put(instance, "CPUSurplusCreditBalance", credits.surplus, "Count", minute);
  }

  private put({ id, region }: Resource, name: string, value: number, unit: string, at: number): void {
    this.cloud.putMetric("AWS/EC2", name, { InstanceId: id }, value, { unit, at, region });
  }

  private keep(ids: ReadonlySet<string>): void {
    this.programs.keep(ids);
    for (const known of [this.unpublished, this.credits]) for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
  }
}

/** Whether an instance that has programs to keep running answers through one of them at least. */
function answers({ fault, apps }: Programs): boolean {
  if (fault !== undefined) return false;
  const due = apps.filter(({ isKept, process }) => isKept || process?.state !== "stopped");
  return due.length === 0 || due.some(({ process }) => process?.state === "ready" && !process.frozen);
}
