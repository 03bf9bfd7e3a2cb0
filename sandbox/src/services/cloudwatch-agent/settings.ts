import { z } from "zod";
import { HOST_METRICS } from "./host.ts";

/** What the agent is to measure. */
export interface AgentSettings {
  readonly namespace: string;
  /** Put on every metric; a value may be a placeholder such as `${aws:InstanceId}`. Empty: the metrics have the dimension `host`. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Sets of dimensions under which a metric that has more is published as well. */
  readonly rollups: readonly (readonly string[])[];
  readonly measurements: readonly Measurement[];
  /** What is asked for and can't be measured here, such as `swap` or `mem_cached`. */
  readonly unplayed: readonly string[];
}

/** One metric. */
export interface Measurement {
  /** The agent's own name of it, such as `mem_used_percent`. */
  readonly metric: keyof typeof HOST_METRICS;
  /** The name under which it is published. */
  readonly name: string;
  /** @default - the metric's own */
  readonly unit?: string;
  readonly intervalSeconds: number;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Mount points, of a metric of disks. */
  readonly paths?: readonly string[];
  readonly dropDevice?: boolean;
  /** Which processes are counted: a regular expression that their name, or their whole command line, holds. */
  readonly processes?: { readonly exe: string } | { readonly pattern: string };
}

/** Raised for a configuration that the agent refuses. */
export class AgentSettingsError extends Error {}

/** Dimensions that the agent knows of itself. */
const OWN_DIMENSIONS = ["ImageId", "InstanceId", "InstanceType", "AutoScalingGroupName"] as const;
const DEFAULT_INTERVAL_SECONDS = 60;

const regex = z.string().refine(isRegex, "is not a regular expression");
const measurement = z.array(
  z.union([z.string(), z.looseObject({ name: z.string(), rename: z.string().optional(), unit: z.string().optional() })]),
);
const section = z.looseObject({
  measurement: measurement.optional(),
  metrics_collection_interval: z.int().positive().optional(),
  append_dimensions: z.record(z.string(), z.string()).optional(),
});
const disk = section.extend({ resources: z.array(z.string()).optional(), drop_device: z.boolean().optional() });
const procstat = section
  .extend({ exe: regex.optional(), pattern: regex.optional(), pid_file: z.string().optional() })
  .refine(
    ({ exe, pattern, pid_file: file }) => [exe, pattern, file].filter((each) => each !== undefined).length === 1,
    "needs exactly one of exe, pattern and pid_file",
  );
const configuration = z.looseObject({
  agent: z.looseObject({ metrics_collection_interval: z.int().positive().optional() }).optional(),
  metrics: z
    .looseObject({
      namespace: z.string().min(1).max(255).optional(),
      append_dimensions: z.partialRecord(z.enum(OWN_DIMENSIONS), z.string()).optional(),
      aggregation_dimensions: z.array(z.array(z.string())).optional(),
      metrics_collected: z.looseObject({
        mem: section.optional(),
        disk: disk.optional(),
        procstat: z.array(procstat).optional(),
      }),
    })
    .optional(),
});

type Configuration = z.infer<typeof configuration>;
type Section = z.infer<typeof section>;

/**
 * Reads the agent's configuration (CloudWatch user guide, "Manually create or edit the CloudWatch agent configuration file").
 * Throws an {@link AgentSettingsError} with every fault for what the agent would refuse.
 */
export function parseSettings(text: string): AgentSettings {
  const parsed = configuration.safeParse(jsonOf(text));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the whole"}: ${message}`);
    throw new AgentSettingsError(`the configuration is not valid: ${faults.join("; ")}`);
  }
  const { agent, metrics, ...others } = parsed.data;
  const interval = agent?.metrics_collection_interval ?? DEFAULT_INTERVAL_SECONDS;
  const wanted = wantedOf(metrics?.metrics_collected, interval);
  return {
    namespace: metrics?.namespace ?? "CWAgent",
    dimensions: present(metrics?.append_dimensions ?? {}),
    rollups: metrics?.aggregation_dimensions ?? [],
    measurements: wanted.flatMap((each) => (typeof each === "string" ? [] : [each])),
    unplayed: [...wanted.filter((each) => typeof each === "string"), ...Object.keys(others)],
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AgentSettingsError(`the configuration is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Each metric that is asked for, or the name of what can't be measured here. */
function wantedOf(collected: NonNullable<Configuration["metrics"]>["metrics_collected"] | undefined, interval: number) {
  const { mem, disk: disks, procstat: lookups, ...others } = collected ?? {};
  return [
    ...(mem === undefined ? [] : measurementsOf("mem", mem, interval, {})),
    ...(disks === undefined
      ? []
      : measurementsOf("disk", disks, interval, { paths: disks.resources ?? ["*"], dropDevice: disks.drop_device ?? false })),
    ...(lookups ?? []).flatMap(({ exe, pattern, ...lookup }) => {
      const processes = exe !== undefined ? { exe } : pattern !== undefined ? { pattern } : undefined;
      return processes === undefined ? ["procstat with pid_file"] : measurementsOf("procstat", lookup, interval, { processes });
    }),
    ...Object.keys(others),
  ];
}

function measurementsOf(
  plugin: "mem" | "disk" | "procstat",
  { measurement: asked = [], metrics_collection_interval: own, append_dimensions: dimensions = {} }: Section,
  interval: number,
  more: Pick<Measurement, "paths" | "dropDevice" | "processes">,
): (Measurement | string)[] {
  return asked.map((each) => {
    const { name, rename, unit } = typeof each === "string" ? { name: each, rename: undefined, unit: undefined } : each;
    const metric = fullName(plugin, name);
    if (!isMeasured(metric)) return metric;
    const common = { metric, name: rename ?? metric, intervalSeconds: own ?? interval, dimensions };
    return { ...common, ...(unit !== undefined && { unit }), ...more };
  });
}

/** Measurements are asked for with or without the name of their plugin. */
function fullName(plugin: string, name: string): string {
  if (plugin === "procstat" && name.endsWith("pid_count")) return "procstat_lookup_pid_count";
  return name.startsWith(`${plugin}_`) ? name : `${plugin}_${name}`;
}

function isMeasured(name: string): name is keyof typeof HOST_METRICS {
  return Object.hasOwn(HOST_METRICS, name);
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

function present(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
