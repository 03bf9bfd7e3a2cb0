import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text, type Props, type Value } from "../../core/values.ts";
import { hasUnknown } from "../../core/values.ts";
import { between, oneOf, ofLength } from "../limits.ts";
import { ANOMALY_COMPARISONS, COMPARISONS, METRIC_ALARM, objects, periodOf, queriesOf } from "./alarm-spec.ts";
import { forgetAlarm, newAlarm } from "./alarm-record.ts";
import { isPercentile } from "./distribution.ts";
import { checkedExpressions } from "./metric-data.ts";
import { MathFault } from "./metric-math.ts";
import { UNITS } from "./units.ts";

const STATISTICS = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];
const DAY_SECONDS = 24 * 60 * 60;
const WEEK_SECONDS = 7 * DAY_SECONDS;

const actions = (value: Value): string | undefined =>
  typeof value === "string" && /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/.test(value)
    ? undefined
    : `the sandbox performs alarm actions on SNS topics only, and ${JSON.stringify(value)} is not the ARN of one`;

const served =
  (what: string) =>
  (value: Value): string | undefined =>
    value === "" || value === null ? undefined : `the sandbox does not serve alarms with ${what}`;

/** An alarm over one metric or an expression; evaluated every minute. */
export const metricAlarm: ResourceDefinition = {
  type: METRIC_ALARM,
  replaceOn: ["name"],
  autoName: { property: "name", maxLength: 255 },
  defaults: { actionsEnabled: true, treatMissingData: "missing" },
  limits: {
    name: (value, inputs) =>
      ofLength(1, 255)(value, inputs) ?? (hasUnknown(inputs["metricQueries"]) ? undefined : faultOfShape(inputs)),
    alarmDescription: ofLength(0, 1024),
    comparisonOperator: (value, inputs) =>
      ANOMALY_COMPARISONS.includes(String(value))
        ? served("anomaly detection bands")(value)
        : oneOf(...Object.keys(COMPARISONS))(value, inputs),
    datapointsToAlarm: (value, inputs) =>
      between(1, typeof inputs["evaluationPeriods"] === "number" ? inputs["evaluationPeriods"] : Infinity)(value, inputs),
    evaluateLowSampleCountPercentiles: oneOf("evaluate", "ignore"),
    evaluationCriteria: served("evaluationCriteria"),
    evaluationInterval: served("evaluationInterval"),
    evaluationPeriods: between(1, Infinity),
    extendedStatistic: (value) =>
      isPercentile(String(value))
        ? undefined
        : `the sandbox serves percentiles p0 to p100 as extended statistics, not ${String(value)}`,
    period: faultOfPeriod,
    statistic: oneOf(...STATISTICS),
    thresholdMetricId: served("a thresholdMetricId"),
    treatMissingData: oneOf("missing", "ignore", "breaching", "notBreaching"),
    unit: oneOf(...UNITS),
    warmUpConfiguration: served("warmUpConfiguration"),
    "alarmActions[]": actions,
    "okActions[]": actions,
    "insufficientDataActions[]": actions,
  },
  create: ({ cloud, inputs, region }) => {
    refuseFaultyShape(inputs);
    const name = text(inputs, "name");
    newAlarm(cloud, region, name);
    return { id: name, outputs: { arn: arn("cloudwatch", region, cloud.account, `alarm:${name}`) } };
  },
  update: ({ inputs }) => {
    refuseFaultyShape(inputs);
    return {};
  },
  remove: (cloud, alarm) => {
    forgetAlarm(cloud, alarm.region, alarm.id);
  },
};

function refuseFaultyShape(inputs: Props): void {
  const fault = faultOfShape(inputs);
  if (fault !== undefined) throw new CloudError("ValidationError", fault);
}

/** What is wrong with the inputs taken together. */
function faultOfShape(inputs: Props): string | undefined {
  for (const name of ["comparisonOperator", "evaluationPeriods", "threshold"]) {
    if (inputs[name] === undefined || inputs[name] === null) return `an alarm needs ${name}`;
  }
  const queries = objects(inputs["metricQueries"]);
  const single = ["metricName", "namespace", "statistic", "extendedStatistic", "period", "dimensions", "unit"].filter((name) =>
    present(inputs[name]),
  );
  const own = queries.length > 0 ? faultOfQueries(queries, single, inputs) : faultOfSingle(single);
  if (own !== undefined) return own;
  const period = periodOf(inputs);
  const periods = inputs["evaluationPeriods"];
  const longest = period >= 3600 ? WEEK_SECONDS : DAY_SECONDS;
  if (typeof periods === "number" && periods * period > longest) {
    return `Metrics cannot be checked across more than a ${longest === DAY_SECONDS ? "day" : "week"} (EvaluationPeriods * Period must be <= ${String(longest)})`;
  }
  return undefined;
}

function faultOfSingle(given: readonly string[]): string | undefined {
  for (const name of ["metricName", "namespace", "period"])
    if (!given.includes(name)) return `an alarm on one metric needs ${name}, or give metricQueries`;
  if (given.includes("statistic") === given.includes("extendedStatistic"))
    return "exactly one of statistic and extendedStatistic must be given";
  return undefined;
}

function faultOfQueries(queries: readonly Props[], single: readonly string[], inputs: Props): string | undefined {
  if (single.length > 0) return `metricQueries cannot be combined with ${single.join(", ")}`;
  const ids = queries.map((query) => text(query, "id"));
  const bad = ids.find((id, index) => !/^[a-z]\w{0,254}$/.test(id) || ids.indexOf(id) !== index);
  if (bad !== undefined)
    return `the id ${JSON.stringify(bad)} of a metric query must begin with a small letter, go on with letters, digits and underscores, and be there once`;
  if (queries.filter((query) => query["returnData"] === true).length !== 1)
    return "exactly one metric query must have returnData: true";
  for (const query of queries) {
    const fault = faultOfQuery(query);
    if (fault !== undefined) return `metric query ${text(query, "id")}: ${fault}`;
  }
  const periods = new Set(queries.flatMap((query) => objects(query["metric"]).map((metric) => metric["period"])));
  if (periods.size !== 1) return "the metrics of an alarm must all have the same period";
  try {
    checkedExpressions(queriesOf(inputs));
    return undefined;
  } catch (error) {
    if (error instanceof MathFault) return `Invalid metric math: ${error.message}`;
    throw error;
  }
}

function faultOfQuery(query: Props): string | undefined {
  const [metric] = objects(query["metric"]);
  if (present(query["accountId"])) return "the sandbox has one account; accountId cannot be given";
  if ((metric === undefined) === (text(query, "expression") === "")) return "exactly one of metric and expression must be given";
  if (metric === undefined) return undefined;
  const stat = text(metric, "stat");
  if (!STATISTICS.includes(stat) && !isPercentile(stat))
    return `stat must be one of ${STATISTICS.join(", ")} or a percentile such as p95, not ${stat}`;
  return faultOfPeriod(metric["period"] ?? 0);
}

function faultOfPeriod(value: Value): string | undefined {
  if (typeof value === "number" && value > 0 && value % 60 === 0) return undefined;
  return [10, 20, 30].includes(Number(value))
    ? "the sandbox keeps data by the minute; a period must be a multiple of 60 seconds"
    : `a period must be a multiple of 60 seconds, not ${JSON.stringify(value)}`;
}

function present(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}
