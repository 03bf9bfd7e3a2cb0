import type { ApiCall } from "../../api/operation.ts";
import type { Props } from "../../core/values.ts";
import type { Distribution } from "./distribution.ts";
import { InputReader } from "./input-reader.ts";
import { dimensionsIn, invalidCombination, invalidValue, METRIC_NAME, NAMESPACE, UNIT } from "./monitoring-input.ts";
import { telemetry } from "./telemetry.ts";

/** Limits of one call. Source: CloudWatch API reference, PutMetricData and MetricDatum. */
const MAX_DATA = 1000;
const MAX_VALUES = 150;
const GREATEST = 2 ** 360;
const HOUR_MS = 60 * 60 * 1000;
const MAX_FUTURE_MS = 2 * HOUR_MS;
const MAX_AGE_MS = 14 * 24 * HOUR_MS;

interface Datum {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly at: number;
  readonly add: (points: Distribution) => void;
}

/** PutMetricData: all data points are stored, or none where one is wrong. They are on disk when this returns. */
export function putMetricData({ cloud, input, region }: ApiCall): Props {
  const read = new InputReader(input);
  const namespace = read.text("Namespace", NAMESPACE);
  if (read.has("EntityMetricData"))
    throw invalidCombination("The sandbox does not serve EntityMetricData; put the data points into MetricData.");
  const data = read.each("MetricData", 1, MAX_DATA).map((one, index) => datumIn(one, index, cloud.now()));
  read.check("ValidationException");
  if (namespace.startsWith("AWS/")) throw invalidValue("The value AWS/ for parameter Namespace is invalid.");
  const { metrics } = telemetry(cloud);
  const checked = data.map((check) => check());
  for (const { at, add, dimensions, name, unit } of checked)
    metrics.record({ region, namespace, name, dimensions, unit }, at, add);
  metrics.flush();
  return {};
}

/** Reads a datum; what is returned checks what its members mean together, once each of them is right. */
function datumIn(read: InputReader, index: number, now: number): () => Datum {
  const name = read.text("MetricName", METRIC_NAME);
  const dimensions = dimensionsIn(read);
  const unit = read.optionalText("Unit", UNIT) ?? "None";
  const at = read.has("Timestamp") ? read.time("Timestamp") : now;
  const value = read.optionalNumber("Value");
  const values = read.numbers("Values", MAX_VALUES);
  const counts = read.numbers("Counts", MAX_VALUES);
  const set = read.inner("StatisticValues");
  const totals = set === undefined ? undefined : statisticSetIn(set);
  return () => {
    const where = `MetricData.member.${String(index + 1)}`;
    checkTime(where, at, now);
    const given = [
      ...(value === undefined ? [] : [`${where}.Value`]),
      ...(values.length === 0 ? [] : [`${where}.Values`]),
      ...(totals === undefined ? [] : [`${where}.StatisticValues`]),
    ];
    if (given.length > 1)
      throw invalidCombination(`The parameters ${given.join(" and ")} are mutually exclusive and you have specified both.`);
    if (given.length === 0)
      throw invalidValue(`The parameter ${where}.Value, ${where}.Values or ${where}.StatisticValues is required.`);
    if (counts.length > 0 && counts.length !== values.length)
      throw invalidValue(`The parameters ${where}.Values and ${where}.Counts must be of the same size.`);
    const numbers = totals === undefined ? [value ?? 0, ...values] : [totals.sum, totals.least, totals.most];
    const wild = numbers.find((number) => Math.abs(number) > GREATEST);
    if (wild !== undefined) throw invalidValue(`The value ${String(wild)} of ${where} is not between -2^360 and 2^360.`);
    const add = (points: Distribution): void => {
      if (totals !== undefined) points.addTotals(totals.count, totals.sum, totals.least, totals.most);
      else if (value !== undefined) points.add(value);
      else for (const [place, one] of values.entries()) points.add(one, counts[place] ?? 1);
    };
    return { name, dimensions, unit, at, add };
  };
}

interface Totals {
  readonly count: number;
  readonly sum: number;
  readonly least: number;
  readonly most: number;
}

function statisticSetIn(read: InputReader): Totals {
  return {
    count: read.number("SampleCount"),
    sum: read.number("Sum"),
    least: read.number("Minimum"),
    most: read.number("Maximum"),
  };
}

function checkTime(where: string, at: number, now: number): void {
  if (at < now - MAX_AGE_MS)
    throw invalidValue(`The parameter ${where}.Timestamp must specify a time no more than two weeks in the past.`);
  if (at > now + MAX_FUTURE_MS)
    throw invalidValue(`The parameter ${where}.Timestamp must specify a time no more than two hours in the future.`);
}
