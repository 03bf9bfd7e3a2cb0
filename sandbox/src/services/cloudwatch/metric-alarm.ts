import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { hasUnknown, text, texts, type Props, type Value } from "../../core/values.ts";
import { all, between, matching, oneOf, ofLength, shown } from "../limits.ts";
import { faultOfEc2Action, isEc2Action, regionOfEc2Action } from "./alarm-ec2-action.ts";
import { isScalingAction } from "./alarm-scaling-action.ts";
import { ANOMALY_COMPARISONS, COMPARISONS, METRIC_ALARM, objects, periodOf, queriesOf } from "./alarm-spec.ts";
import { forgetAlarm, newAlarm, noteConfigured } from "./alarm-record.ts";
import { isPercentile, STATISTICS } from "./distribution.ts";
import { checkQueries } from "./metric-data.ts";
import { MathFault } from "./metric-math.ts";
import { UNITS } from "./units.ts";

/** Inputs that say which one metric is watched. */
const SINGLE = ["metricName", "namespace", "statistic", "extendedStatistic", "period", "dimensions", "unit"];
const DAY_SECONDS = 24 * 60 * 60;
const WEEK_SECONDS = 7 * DAY_SECONDS;

/** Source: PutMetricAlarm, AlarmActions: what can be done about the server in the alarm's dimension, or whom to tell. */
const actions = (value: Value, inputs: Props): string | undefined => {
  const action = typeof value === "string" ? value : "";
  if (isEc2Action(action)) return hasUnknown(inputs["dimensions"]) ? undefined : faultOfEc2Action(action, inputs);
  if (isScalingAction(action)) return undefined;
  return /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/.test(action)
    ? undefined
    : `the sandbox performs alarm actions on SNS topics, EC2 instances and scaling policies, and ${JSON.stringify(value)} is none of them: expected arn:aws:sns:REGION:ACCOUNT:TOPIC, arn:aws:automate:REGION:ec2:reboot, recover or stop, or the ARN of a policy`;
};

/** Source: PutMetricAlarm, "Array Members: Maximum number of 5 items". */
const fewActions = (value: Value): string | undefined =>
  Array.isArray(value) && value.length > 5
    ? `an alarm has 5 actions for a state at most, not ${String(value.length)}`
    : undefined;

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
      all(ofLength(1, 255), matching(/^\P{Cc}*$/u, "control characters are not"))(value, inputs) ??
      (hasUnknown(inputs["metricQueries"]) ? undefined : faultOfShape(inputs)),
    alarmActions: fewActions,
    okActions: fewActions,
    insufficientDataActions: fewActions,
    alarmDescription: ofLength(0, 1024),
    comparisonOperator: (value, inputs) =>
      typeof value === "string" && ANOMALY_COMPARISONS.includes(value)
        ? served("anomaly detection bands")(value)
        : oneOf(...Object.keys(COMPARISONS))(value, inputs),
    datapointsToAlarm: (value, inputs) =>
      between(1, typeof inputs["evaluationPeriods"] === "number" ? inputs["evaluationPeriods"] : Infinity)(value, inputs),
    evaluateLowSampleCountPercentiles: oneOf("evaluate", "ignore"),
    evaluationCriteria: served("evaluationCriteria"),
    evaluationInterval: served("evaluationInterval"),
    evaluationPeriods: between(1, Infinity),
    extendedStatistic: (value) =>
      typeof value === "string" && isPercentile(value)
        ? undefined
        : `the sandbox serves percentiles p0 to p100 as extended statistics, not ${shown(value)}`,
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
    refuseForeignRegion(inputs, region);
    const name = text(inputs, "name");
    newAlarm(cloud, region, name);
    return { id: name, outputs: { arn: arn("cloudwatch", region, cloud.account, `alarm:${name}`) } };
  },
  update: ({ cloud, inputs, region }, before) => {
    refuseFaultyShape(inputs);
    refuseForeignRegion(inputs, region);
    noteConfigured(cloud, region, before.id);
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

/** An alarm acts on instances of its own region. */
function refuseForeignRegion(inputs: Props, region: string): void {
  const listed = ["alarmActions", "okActions", "insufficientDataActions"].flatMap((name) => texts(inputs, name));
  const foreign = listed.find((action) => isEc2Action(action) && regionOfEc2Action(action) !== region);
  if (foreign === undefined) return;
  throw new CloudError("ValidationError", `Invalid region ${regionOfEc2Action(foreign)} specified. Only ${region} is supported.`);
}

/** What is wrong with the inputs taken together: every fault, in one sentence each. */
function faultOfShape(inputs: Props): string | undefined {
  const queries = objects(inputs["metricQueries"]);
  const single = SINGLE.filter((name) => present(inputs[name]));
  const faults = [
    ...["comparisonOperator", "evaluationPeriods", "threshold"]
      .filter((name) => !present(inputs[name]))
      .map((name) => `an alarm needs ${name}`),
    ...(queries.length > 0 ? faultsOfQueries(queries, single, inputs) : faultsOfSingle(single)),
    ...faultOfRange(periodOf(inputs), inputs["evaluationPeriods"]),
  ];
  return faults.length === 0 ? undefined : faults.join("; ");
}

function faultOfRange(period: number, periods: Value | undefined): string[] {
  const longest = period >= 3600 ? WEEK_SECONDS : DAY_SECONDS;
  if (typeof periods !== "number" || periods * period <= longest) return [];
  const words = longest === DAY_SECONDS ? "a day" : "a week";
  return [`Metrics cannot be checked across more than ${words} (EvaluationPeriods * Period must be <= ${String(longest)})`];
}

function faultsOfSingle(given: readonly string[]): string[] {
  const faults = ["metricName", "namespace", "period"]
    .filter((name) => !given.includes(name))
    .map((name) => `an alarm on one metric needs ${name}, or give metricQueries`);
  if (given.includes("statistic") === given.includes("extendedStatistic"))
    faults.push("exactly one of statistic and extendedStatistic must be given");
  return faults;
}

function faultsOfQueries(queries: readonly Props[], single: readonly string[], inputs: Props): string[] {
  const faults: string[] = [];
  if (single.length > 0) faults.push(`metricQueries cannot be combined with ${single.join(", ")}`);
  const ids = queries.map((query) => text(query, "id"));
  const bad = ids.filter((id, index) => !/^[a-z]\w{0,254}$/.test(id) || ids.indexOf(id) !== index);
  for (const id of bad)
    faults.push(
      `the id ${JSON.stringify(id)} of a metric query must begin with a small letter, go on with letters, digits and underscores, and be there once`,
    );
  const returned = queries.filter((query) => query["returnData"] === true).map((query) => text(query, "id"));
  if (returned.length !== 1) faults.push("exactly one metric query must have returnData: true");
  for (const query of queries) faults.push(...faultsOfQuery(query).map((fault) => `metric query ${text(query, "id")}: ${fault}`));
  const periods = new Set(queries.flatMap((query) => objects(query["metric"]).map((metric) => metric["period"])));
  if (periods.size > 1) faults.push("the metrics of an alarm must all have the same period");
  if (periods.size === 0) faults.push("an alarm needs a metric; expressions alone have no data");
  return faults.length > 0 ? faults : faultOfMath(inputs, returned);
}

function faultOfMath(inputs: Props, returned: readonly string[]): string[] {
  try {
    checkQueries(queriesOf(inputs), returned, true);
    return [];
  } catch (error) {
    if (error instanceof MathFault) return [`Invalid metric math: ${error.message}`];
    throw error;
  }
}

function faultsOfQuery(query: Props): string[] {
  const [metric] = objects(query["metric"]);
  const faults: string[] = [];
  if (present(query["accountId"])) faults.push("the sandbox has one account; accountId cannot be given");
  if ((metric === undefined) === (text(query, "expression") === ""))
    faults.push("exactly one of metric and expression must be given");
  if (metric === undefined) return faults;
  const stat = text(metric, "stat");
  if (!STATISTICS.includes(stat) && !isPercentile(stat))
    faults.push(`stat must be one of ${STATISTICS.join(", ")} or a percentile such as p95, not ${stat}`);
  const period = faultOfPeriod(metric["period"] ?? 0);
  return period === undefined ? faults : [...faults, period];
}

function faultOfPeriod(value: Value): string | undefined {
  if (typeof value === "number" && value > 0 && value % 60 === 0) return undefined;
  return [10, 20, 30].includes(Number(value))
    ? "the sandbox keeps data by the minute; a period must be a multiple of 60 seconds"
    : `a period must be a multiple of 60 seconds, not ${JSON.stringify(value)}`;
}

function present(value: Value | undefined): boolean {
  const empty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return value !== undefined && value !== null && value !== "" && !empty;
}
