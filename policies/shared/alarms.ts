import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type { Check } from "../framework/check.ts";
import { type Property, UnknownInput } from "../framework/property.ts";
import type { Resource, ResourceWith } from "../framework/resource.ts";
import type { Stack } from "../framework/stack.ts";

type Alarm = Resource<MetricAlarmArgs>;

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** What an alarm watches: the names of metrics, and of the resources that they are of. */
interface Watch {
  readonly metrics: readonly string[];
  readonly dimensions: readonly string[];
}

interface Watches {
  readonly byUrn: ReadonlyMap<string, readonly Watch[]>;
  readonly byDimension: ReadonlyMap<string, readonly Watch[]>;
  /** Why it is not known what some alarm watches. */
  readonly unclear: UnknownInput | undefined;
}

/** Made once for each stack, so that many resources and many alarms are not compared with one another. */
const watches = new WeakMap<Stack, Watches>();

/**
 * Reports each metric of a resource on which no alarm of the stack is set.
 * @param names outputs or inputs of the resource that CloudWatch knows it by, such as `clusterIdentifier`
 * @param what "the queue"
 */
export function mustBeAlarmed(
  resource: ResourceWith<unknown>,
  stack: Stack,
  { fail }: Pick<Check<unknown>, "fail">,
  { metrics, names, what }: { readonly metrics: readonly string[]; readonly names: readonly string[]; readonly what: string },
): void {
  const { byDimension, byUrn, unclear } = watchesOf(stack);
  const identities = names.flatMap((name) => [
    valueOf(resource.outputs.at(name)),
    valueOf(resource.as<Record<string, unknown>>().at(name)),
  ]);
  const found = [
    ...(byUrn.get(resource.urn) ?? []),
    ...identities.flatMap((identity) => (identity === undefined ? [] : (byDimension.get(identity) ?? []))),
  ].flatMap((watch) => watch.metrics);
  const missing = metrics.filter((metric) => !found.includes(metric));
  if (missing.length === 0) return;
  if (unclear !== undefined) throw unclear;
  fail(resource, `no alarm watches ${missing.join(", ")} of ${what}`, "an aws.cloudwatch.MetricAlarm must");
}

function watchesOf(stack: Stack): Watches {
  const made = watches.get(stack) ?? readWatches(stack);
  watches.set(stack, made);
  return made;
}

function readWatches(stack: Stack): Watches {
  const byUrn = new Map<string, Watch[]>();
  const byDimension = new Map<string, Watch[]>();
  let unclear: UnknownInput | undefined;
  for (const alarm of stack.ofType<MetricAlarmArgs>(ALARM)) {
    const { dimensions: direct = [], metricQueries: inQueries = [] } = alarm.propertyDependencies;
    const sources = [...direct, ...inQueries];
    try {
      const watch = watchOf(alarm, sources.length > 0);
      for (const urn of sources) put(byUrn, urn, watch);
      for (const dimension of watch.dimensions) put(byDimension, dimension, watch);
    } catch (error) {
      if (!(error instanceof UnknownInput)) throw error;
      unclear = new UnknownInput(`${alarm.name}.${error.path}`, error.why);
    }
  }
  return { byUrn, byDimension, unclear };
}

/** @param hasSources whether the engine knows where an unknown dimension comes from. @throws UnknownInput */
function watchOf(alarm: Alarm, hasSources: boolean): Watch {
  const metrics = alarm.at("metricQueries").items.map((query) => query.at("metric"));
  const dimensions = [alarm.at("dimensions"), ...metrics.map((metric) => metric.at("dimensions"))].flatMap((each) =>
    each.entries.map(([, value]) => (hasSources ? valueOf(value) : value.value)),
  );
  return {
    metrics: [alarm.at("metricName").value, ...metrics.map((metric) => metric.at("metricName").value)].filter(
      (name) => name !== undefined,
    ),
    dimensions: dimensions.filter((value) => typeof value === "string"),
  };
}

function put(map: Map<string, Watch[]>, key: string, watch: Watch): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [watch]);
  else list.push(watch);
}

/** The text that a property holds, if it is known and is one. */
function valueOf(property: Property<unknown>): string | undefined {
  try {
    return typeof property.value === "string" && property.value !== "" ? property.value : undefined;
  } catch (error) {
    if (error instanceof UnknownInput) return undefined;
    throw error;
  }
}
