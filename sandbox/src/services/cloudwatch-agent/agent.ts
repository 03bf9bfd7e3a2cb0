import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import type { Load } from "../../plane/process-load.ts";
import type { InstancePrograms } from "../ec2/instance-programs.ts";
import { refusalOf } from "../ec2/instance-role.ts";
import { INSTANCE, isRunning } from "../ec2/instance-server.ts";
import { type Host, HOST_METRICS, hostOf, type HostProcess } from "./host.ts";
import { installedAgents } from "./installed.ts";
import { type AgentSettings, type Measurement, parseSettings } from "./settings.ts";

type Dimensions = Readonly<Record<string, string>>;

const MINUTE_MS = 60_000;
/** The root volume of Amazon Linux on a Nitro instance. */
const ROOT = { path: "/", device: "nvme0n1p1", fstype: "xfs" };

/** The CloudWatch agents: each publishes what its configuration asks for, once a minute at most, with the instance's own role. */
export class AgentMetrics {
  private readonly cloud: Cloud;
  private readonly programs: InstancePrograms;
  /** Why an instance's agent could not publish last, so that it is told once. */
  private readonly told = new Map<string, string>();

  constructor(cloud: Cloud, programs: InstancePrograms) {
    this.cloud = cloud;
    this.programs = programs;
  }

  /** Publishes the minute that began at `minute`. */
  async collect(load: Load, minute: number): Promise<void> {
    for (const [id, { running, active }] of installedAgents(this.cloud).entries()) {
      const instance = this.cloud.world.get(INSTANCE, id);
      if (instance === undefined) this.forget(id);
      else if (running && active !== "" && isRunning(instance)) await this.publish(instance, parseSettings(active), load, minute);
    }
  }

  private async publish(instance: Resource, settings: AgentSettings, load: Load, minute: number): Promise<void> {
    const due = settings.measurements.filter(({ intervalSeconds }) => isDue(minute, intervalSeconds));
    if (due.length === 0 || !this.mayPublish(instance, settings.namespace)) return;
    const host = await hostOf(this.cloud, instance, this.programs.of(instance, load));
    for (const measurement of due) {
      const seen = seenBy(host, measurement);
      if (seen === undefined) continue;
      const metric = HOST_METRICS[measurement.metric];
      const options = { unit: measurement.unit ?? metric.unit, at: minute, region: instance.region };
      const raw = { ...ownDimensions(instance, settings), ...measurement.dimensions, ...seen.dimensions };
      for (const dimensions of [raw, ...rolledUp(raw, settings.rollups)])
        this.cloud.putMetric(settings.namespace, measurement.name, dimensions, metric.of(seen.host), options);
    }
  }

  private mayPublish(instance: Resource, namespace: string): boolean {
    const demand = { action: "cloudwatch:PutMetricData", resource: "*", context: { "cloudwatch:namespace": namespace } };
    const refusal = refusalOf(this.cloud, instance, demand);
    if (refusal === undefined) this.told.delete(instance.id);
    else if (this.told.get(instance.id) !== refusal) {
      this.told.set(instance.id, refusal);
      this.cloud.note(`The CloudWatch agent on ${instance.id} cannot publish: ${refusal}`);
    }
    return refusal === undefined;
  }

  private forget(id: string): void {
    installedAgents(this.cloud).delete(id);
    this.told.delete(id);
  }
}

function isDue(minute: number, intervalSeconds: number): boolean {
  return (minute / MINUTE_MS) % Math.max(1, Math.round(intervalSeconds / 60)) === 0;
}

/** What of the host a measurement is about, and the dimensions that say so; undefined where it is about nothing here. */
function seenBy(host: Host, { paths, dropDevice, processes }: Measurement): { host: Host; dimensions: Dimensions } | undefined {
  if (paths !== undefined) {
    const { device, ...others } = ROOT;
    if (!paths.some((path) => path === "*" || path === ROOT.path)) return undefined;
    return { host, dimensions: dropDevice === true ? others : { device, ...others } };
  }
  if (processes === undefined) return { host, dimensions: {} };
  const [kind, expression] = "exe" in processes ? (["exe", processes.exe] as const) : (["pattern", processes.pattern] as const);
  const wanted = new RegExp(expression);
  const subject = ({ name, commandLine }: HostProcess): string => (kind === "exe" ? name : commandLine);
  const found = host.processes.filter((process) => wanted.test(subject(process)));
  return { host: { ...host, processes: found }, dimensions: { [kind]: expression, pid_finder: "native" } };
}

/** The dimensions of every metric: those appended, or the host's name. */
function ownDimensions({ id, outputs }: Resource, { dimensions }: AgentSettings): Dimensions {
  if (Object.keys(dimensions).length === 0) return { host: text(outputs, "privateDns") };
  const known: Dimensions = {
    "${aws:InstanceId}": id,
    "${aws:ImageId}": text(outputs, "ami"),
    "${aws:InstanceType}": text(outputs, "instanceType"),
    // The sandbox has no Auto Scaling groups yet; an instance outside of one has no such dimension.
    "${aws:AutoScalingGroupName}": "",
  };
  const filled = Object.entries(dimensions).map(([name, value]) => [name, known[value] ?? value] as const);
  return Object.fromEntries(filled.filter(([, value]) => value !== ""));
}

/** The sets of fewer dimensions that a metric is to be published under as well; a set that names another dimension is none of its. */
function rolledUp(raw: Dimensions, rollups: AgentSettings["rollups"]): Dimensions[] {
  return rollups
    .filter((names) => names.length < Object.keys(raw).length && names.every((name) => name in raw))
    .map((names) => Object.fromEntries(names.map((name) => [name, raw[name] ?? ""])));
}
