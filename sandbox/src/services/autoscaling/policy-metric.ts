import { isProps, type Props, text, type Value, valuesAt } from "../../core/values.ts";
import { objects } from "../cloudwatch/alarm-spec.ts";
import type { MetricQuery, MetricStat } from "../cloudwatch/metric-data.ts";
import { nested } from "../ec2/instance-outputs.ts";

/** What a target tracking policy watches. */
export interface TrackedMetric {
  readonly queries: readonly MetricQuery[];
  /** The id of the query whose values are compared. */
  readonly watched: string;
}

/** The predefined metrics that the sandbox measures. */
export const PREDEFINED = ["ASGAverageCPUUtilization", "ALBRequestCountPerTarget"] as const;

/** `app/<name>/<id>/targetgroup/<name>/<id>`: the load balancer and the target group of ALBRequestCountPerTarget. */
export const RESOURCE_LABEL = /^(app\/[\w-]+\/[0-9a-f]+)\/(targetgroup\/[\w-]+\/[0-9a-f]+)$/;

/** The metric of a `targetTrackingConfiguration`, for a group of that name. Source: Amazon EC2 Auto Scaling API Reference, PredefinedMetricSpecification. */
export function trackedMetric(configuration: Props, groupName: string): TrackedMetric {
  const predefined = nested(configuration, "predefinedMetricSpecification");
  const type = text(predefined, "predefinedMetricType");
  if (type === "ALBRequestCountPerTarget") {
    const [, , TargetGroup = ""] = RESOURCE_LABEL.exec(text(predefined, "resourceLabel")) ?? [];
    return single({ namespace: "AWS/ApplicationELB", name: "RequestCountPerTarget", dimensions: { TargetGroup }, stat: "Sum" });
  }
  if (type !== "")
    return single({
      namespace: "AWS/EC2",
      name: "CPUUtilization",
      dimensions: { AutoScalingGroupName: groupName },
      stat: "Average",
    });
  return customized(nested(configuration, "customizedMetricSpecification"));
}

/** The metric of a customized specification: one by itself, or expressions over several. */
export function customized(specification: Props): TrackedMetric {
  const listed = objects(specification["metrics"] ?? []);
  if (listed.length === 0)
    return single(metricOf(specification, specification["metricDimensions"], text(specification, "statistic")));
  const queries = listed.map((query): MetricQuery => {
    const id = text(query, "id");
    const stat = query["metricStat"];
    if (!isProps(stat)) return { id, expression: text(query, "expression") };
    const metric = nested(stat, "metric");
    return {
      id,
      metric: { ...metricOf(metric, metric["dimensions"], text(stat, "stat")), unit: text(stat, "unit") || undefined },
    };
  });
  const returned = listed.find((query) => query["returnData"] !== false);
  return { queries, watched: text(returned ?? {}, "id") };
}

/** The ids of the queries that give back data. */
export function returnedIds(specification: Props): string[] {
  return valuesAt(specification, "metrics[]")
    .filter(isProps)
    .filter((query) => query["returnData"] !== false)
    .map((query) => text(query, "id"));
}

function single(metric: MetricStat): TrackedMetric {
  return { queries: [{ id: "m1", metric }], watched: "m1" };
}

function metricOf(from: Props, dimensions: Value | undefined, stat: string): MetricStat {
  return {
    namespace: text(from, "namespace"),
    name: text(from, "metricName"),
    dimensions: Object.fromEntries(objects(dimensions ?? []).map((each) => [text(each, "name"), text(each, "value")])),
    stat,
    unit: text(from, "unit") || undefined,
  };
}
