import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { parsedEvent, parseFilterPattern, type Matcher } from "./filter-pattern.ts";
import { wholeSelector, type Selector } from "./json-selector.ts";
import { LOG_METRIC_FILTER } from "./log-groups.ts";
import type { LogEvent } from "./log-store.ts";
import { PatternFault } from "./pattern-text.ts";
import type { Distribution } from "./distribution.ts";
import { telemetry } from "./telemetry.ts";

/** A metric filter that is ready to count. */
interface Filter {
  readonly id: string;
  readonly matches: Matcher;
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly value: (parsed: unknown) => number | undefined;
  readonly dimensions: readonly (readonly [name: string, value: Selector])[];
  readonly defaultValue: number | undefined;
}

/** Filters as they were last read, by their inputs. */
const ready = new WeakMap<Props, Filter>();

/** Reads the inputs of a filter. Throws `InvalidParameterException`. */
export function readFilter(id: string, inputs: Props): Filter {
  const { matches, needsJson } = parseFilterPattern(text(inputs, "pattern"));
  const given = inputs["metricTransformation"];
  const transformation = typeof given === "object" && given !== null && !Array.isArray(given) ? given : {};
  const dimensions = Object.entries((transformation["dimensions"] ?? {}) as Props);
  const defaultValue = text(transformation, "defaultValue");
  if (dimensions.length > 3) throw invalid("a metric transformation takes 3 dimensions at most");
  const metricValue = text(transformation, "value");
  if (!needsJson && (dimensions.length > 0 || metricValue.startsWith("$"))) {
    throw invalid(
      "Invalid metric transformation: dimensions and values from fields need a pattern that reads fields, such as { $.ms = * }.",
    );
  }
  if (dimensions.length > 0 && defaultValue !== "") {
    throw invalid("Invalid metric transformation: dimensions and default value are mutually exclusive properties.");
  }
  if (defaultValue !== "" && !Number.isFinite(Number(defaultValue)))
    throw invalid(`the default value "${defaultValue}" is not a number`);
  return {
    id,
    matches,
    namespace: text(transformation, "namespace"),
    name: text(transformation, "name"),
    unit: text(transformation, "unit") || "None",
    value: valueOf(metricValue),
    dimensions: dimensions.map(([name, value]) => [name, selectorOf(typeof value === "string" ? value : "")] as const),
    defaultValue: defaultValue === "" ? undefined : Number(defaultValue),
  };
}

/** Publishes what the filters of the group find in the events. */
export function countMatches(cloud: Cloud, group: Resource, events: readonly Omit<LogEvent, "id">[]): void {
  const filters = cloud.world
    .all(LOG_METRIC_FILTER)
    .filter((row) => row.region === group.region && row.inputs["logGroupName"] === group.id && row.phase !== "deleting")
    .map(prepared);
  if (filters.length === 0) return;
  for (const { at, message } of events) {
    const parsed = parsedEvent(message);
    for (const filter of filters) count(cloud, group.region, filter, at, message, parsed);
  }
}

function count(cloud: Cloud, region: string, filter: Filter, at: number, message: string, parsed: unknown): void {
  const { metrics, counts } = telemetry(cloud);
  const { namespace, name, unit, defaultValue } = filter;
  const record = (moment: number, dimensions: Record<string, string>, add: (points: Distribution) => void): void => {
    try {
      metrics.record({ region, namespace, name, dimensions, unit }, moment, add);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      cloud.note(`The metric filter ${filter.id} could not count: ${error.message}`);
    }
  };
  const value = filter.matches(message, parsed) ? filter.value(parsed) : undefined;
  if (value !== undefined) {
    const dimensions = Object.fromEntries(
      filter.dimensions.flatMap(([key, select]) => textAt(select, parsed).map((found) => [key, found])),
    );
    record(at, dimensions, (points) => {
      points.add(value);
    });
  }
  if (defaultValue === undefined) return;
  const publish = (minute: number): void => {
    record(minute, {}, (points) => {
      points.add(defaultValue);
    });
  };
  counts.note(at, { filter: filter.id, publish }, value !== undefined);
}

function prepared(row: Resource): Filter {
  const known = ready.get(row.inputs);
  if (known !== undefined) return known;
  const made = readFilter(`${row.region}/${row.id}`, row.inputs);
  ready.set(row.inputs, made);
  return made;
}

/** The value to publish: a number as it stands, or a field of the event; an event whose field is no number is not counted. */
function valueOf(given: string): Filter["value"] {
  if (given.startsWith("$")) {
    const select = selectorOf(given);
    return (parsed) => numeric(select(parsed)[0]);
  }
  const fixed = numeric(given);
  if (fixed === undefined)
    throw invalid(`Invalid metric transformation: metricValue "${given}" is neither a number nor a field such as $.ms.`);
  return () => fixed;
}

function numeric(value: unknown): number | undefined {
  const number =
    typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

function textAt(select: Selector, parsed: unknown): string[] {
  const [found] = select(parsed);
  return typeof found === "string" || typeof found === "number" || typeof found === "boolean" ? [String(found)] : [];
}

function selectorOf(given: string): Selector {
  try {
    return wholeSelector(given);
  } catch (error) {
    if (error instanceof PatternFault) throw invalid(`Invalid metric transformation: ${error.message}`);
    throw error;
  }
}

function invalid(message: string): CloudError {
  return new CloudError("InvalidParameterException", message);
}
