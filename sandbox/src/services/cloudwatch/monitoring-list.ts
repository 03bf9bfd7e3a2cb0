import type { ApiCall } from "../../api/operation.ts";
import { CloudError } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { InputReader } from "./input-reader.ts";
import type { Series } from "./metric-store.ts";
import { settleMetrics } from "./metrics.ts";
import { METRIC_NAME, NAMESPACE } from "./monitoring-input.ts";
import { telemetry } from "./telemetry.ts";

/** Source: CloudWatch API reference, ListMetrics: metrics of the last two weeks, 500 a page. */
const LISTED_MS = 14 * 24 * 60 * 60 * 1000;
const RECENT_MS = 3 * 60 * 60 * 1000;
const PAGE = 500;

/** ListMetrics, by namespace, name and dimensions. */
export function listMetrics({ cloud, input, region }: ApiCall): Props {
  const read = new InputReader(input);
  const namespace = read.optionalText("Namespace", NAMESPACE);
  const name = read.optionalText("MetricName", METRIC_NAME);
  const recent = read.optionalText("RecentlyActive", { among: ["PT3H"] });
  const filters = read.each("Dimensions", 0, 10).map((one) => ({ name: one.text("Name"), value: one.optionalText("Value") }));
  const token = read.optionalText("NextToken");
  read.check("ValidationException");
  settleMetrics(cloud);
  const fits = (series: Series): boolean =>
    (series.region === region || series.region === "") &&
    (namespace === undefined || series.namespace === namespace) &&
    (name === undefined || series.name === name) &&
    filters.every((filter) => {
      const value = series.dimensions[filter.name];
      return value !== undefined && (filter.value === undefined || filter.value === value);
    });
  const since = cloud.now() - (recent === undefined ? LISTED_MS : RECENT_MS);
  const metrics = new Map<string, Props>();
  for (const series of telemetry(cloud).metrics.list(since).filter(fits)) {
    const Dimensions = Object.entries(series.dimensions).map(([Name, Value]) => ({ Name, Value }));
    const metric = { Namespace: series.namespace, MetricName: series.name, Dimensions };
    metrics.set(JSON.stringify(metric), metric);
  }
  const keys = [...metrics.keys()].sort();
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0)
    throw new CloudError("InvalidNextToken", `The NextToken "${token ?? ""}" is invalid.`);
  const more = start + PAGE < keys.length ? { NextToken: String(start + PAGE) } : {};
  return { Metrics: keys.slice(start, start + PAGE).map((key) => metrics.get(key) ?? {}), ...more };
}
