import { hasUnknown, isProps, type Props, text, type Value } from "../../core/values.ts";
import { isPercentile, STATISTICS } from "../cloudwatch/distribution.ts";
import { checkQueries } from "../cloudwatch/metric-data.ts";
import { MathFault } from "../cloudwatch/metric-math.ts";
import { all, between, given, type Limit, matching, ofLength, oneOf, shown } from "../limits.ts";
import { customized, PREDEFINED, RESOURCE_LABEL, returnedIds } from "./policy-metric.ts";
import { faultOfSteps, stepsOf } from "./step-scaling.ts";

const TYPES = ["SimpleScaling", "StepScaling", "TargetTrackingScaling", "PredictiveScaling"] as const;
const MEASURED_BY_TRAFFIC = ["ASGAverageNetworkIn", "ASGAverageNetworkOut"];

/** What each type of policy takes beside its name and group, and what it cannot do without. */
const INPUTS: Readonly<Record<string, { readonly takes: readonly string[]; readonly needs: readonly string[] }>> = {
  SimpleScaling: {
    takes: ["adjustmentType", "scalingAdjustment", "cooldown", "minAdjustmentMagnitude"],
    needs: ["adjustmentType", "scalingAdjustment"],
  },
  StepScaling: {
    takes: ["adjustmentType", "stepAdjustments", "estimatedInstanceWarmup", "metricAggregationType", "minAdjustmentMagnitude"],
    needs: ["adjustmentType", "stepAdjustments"],
  },
  TargetTrackingScaling: {
    takes: ["targetTrackingConfiguration", "estimatedInstanceWarmup"],
    needs: ["targetTrackingConfiguration"],
  },
  PredictiveScaling: { takes: ["predictiveScalingConfiguration"], needs: ["predictiveScalingConfiguration"] },
};
const ALL_INPUTS = [...new Set(Object.values(INPUTS).flatMap(({ takes }) => takes))];

/** The values that a target can have (TargetTrackingConfiguration). */
export const TARGET_VALUES: Limit = between(8.515_920e-109, 1.174_271e108);

/** What is wrong with the inputs for their type: every fault. */
const shape: Limit = (_value, inputs) => {
  const type = text(inputs, "policyType") || "SimpleScaling";
  const known = INPUTS[type];
  // A wrong type is told by itself.
  if (known === undefined) return undefined;
  const present = given(inputs, ALL_INPUTS);
  const faults = [
    ...known.needs.filter((name) => !present.includes(name)).map((name) => `${type} needs ${name}`),
    ...present.filter((name) => !known.takes.includes(name)).map((name) => `${name} does not go with ${type}`),
    ...(type === "StepScaling" && present.includes("stepAdjustments") ? [faultOfSteps(stepsOf(inputs)) ?? []].flat() : []),
  ];
  return faults.length === 0 ? undefined : faults.join("; ");
};

const tracking: Limit = (value) => {
  if (!isProps(value)) return "targetTrackingConfiguration must be an object";
  const specifications = given(value, ["predefinedMetricSpecification", "customizedMetricSpecification"]);
  return specifications.length === 1
    ? undefined
    : `exactly one of predefinedMetricSpecification and customizedMetricSpecification must be given (given: ${specifications.join(", ") || "none"})`;
};

const predefined: Limit = (value) => {
  if (!isProps(value)) return "predefinedMetricSpecification must be an object";
  const [type, label] = [text(value, "predefinedMetricType"), text(value, "resourceLabel")];
  if (MEASURED_BY_TRAFFIC.includes(type))
    return `${shown(type)}: the sandbox does not measure the network of single servers; it measures ${PREDEFINED.join(", ")}`;
  const fault = oneOf(...PREDEFINED)(type, value);
  if (fault !== undefined) return `predefinedMetricType: ${fault}`;
  if (type !== "ALBRequestCountPerTarget")
    return label === "" ? undefined : `resourceLabel goes with ALBRequestCountPerTarget only, not with ${type}`;
  if (hasUnknown(value["resourceLabel"]) || RESOURCE_LABEL.test(label)) return undefined;
  return `resourceLabel: ${shown(label)} is not app/NAME/ID/targetgroup/NAME/ID, the ends of the load balancer's and the target group's ARNs`;
};

/** What is wrong with a customized metric: every fault. */
export const customizedFault: Limit = (value) => {
  if (!isProps(value)) return "customizedMetricSpecification must be an object";
  const listed = value["metrics"];
  const faults = Array.isArray(listed) && listed.length > 0 ? faultsOfMetrics(value) : faultsOfSingle(value);
  return faults.length === 0 ? undefined : faults.join("; ");
};

function faultsOfSingle(specification: Props): string[] {
  const missing = ["metricName", "namespace", "statistic"].filter((name) => text(specification, name) === "");
  const period = specification["period"] ?? 60;
  return [
    ...missing.map((name) => `a metric by itself needs ${name}, or give metrics`),
    ...(missing.includes("statistic") ? [] : statistic(specification["statistic"] ?? "")),
    ...(period === 60 ? [] : [`the sandbox keeps data by the minute: period is 60, not ${shown(period)}`]),
  ];
}

function faultsOfMetrics(specification: Props): string[] {
  const single = given(specification, ["metricName", "namespace", "statistic", "metricDimensions", "period"]);
  if (single.length > 0) return [`metrics cannot be combined with ${single.join(", ")}`];
  const returned = returnedIds(specification);
  if (returned.length !== 1)
    return [`exactly one of the metrics has returnData: true, which is the default (given: ${returned.length})`];
  if (hasUnknown(specification)) return [];
  const { queries } = customized(specification);
  const bad = queries.flatMap((query) => ("metric" in query ? statistic(query.metric.stat) : []));
  if (bad.length > 0) return bad;
  try {
    checkQueries(queries, returned, true);
    return [];
  } catch (error) {
    if (error instanceof MathFault) return [`Invalid metric math: ${error.message}`];
    throw error;
  }
}

function statistic(value: Value): string[] {
  const isKnown = typeof value === "string" && (STATISTICS.includes(value) || isPercentile(value));
  return isKnown ? [] : [`${shown(value)} is no statistic; allowed: ${STATISTICS.join(", ")}, or a percentile such as p95`];
}

const forecastMode: Limit = (value) =>
  value === "ForecastAndScale"
    ? "the sandbox makes no forecasts, which take two weeks of load to learn from: it accepts ForecastOnly, which changes no capacity"
    : oneOf("ForecastOnly")(value, {});

/** What a scaling policy may be. Source: Amazon EC2 Auto Scaling API Reference, PutScalingPolicy. */
export const policyLimits: Readonly<Record<string, Limit>> = {
  name: all(ofLength(1, 255), matching(/^[^\p{Cc}:]*$/u, "neither control characters nor colons are"), shape),
  policyType: oneOf(...TYPES),
  adjustmentType: oneOf("ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"),
  metricAggregationType: oneOf("Minimum", "Maximum", "Average"),
  cooldown: between(0, Number.MAX_SAFE_INTEGER),
  estimatedInstanceWarmup: between(0, Number.MAX_SAFE_INTEGER),
  minAdjustmentMagnitude: all(between(1, Number.MAX_SAFE_INTEGER), (_value, inputs) =>
    text(inputs, "adjustmentType") === "PercentChangeInCapacity"
      ? undefined
      : "minAdjustmentMagnitude goes with PercentChangeInCapacity only",
  ),
  targetTrackingConfiguration: tracking,
  "targetTrackingConfiguration.targetValue": TARGET_VALUES,
  "targetTrackingConfiguration.predefinedMetricSpecification": predefined,
  "targetTrackingConfiguration.customizedMetricSpecification": customizedFault,
  "predictiveScalingConfiguration.mode": forecastMode,
  "predictiveScalingConfiguration.schedulingBufferTime": (value) =>
    typeof value === "string" && Number(value) >= 0 && Number(value) <= 3600
      ? undefined
      : `${shown(value)} is no number of seconds; allowed: "0" to "3600"`,
};
