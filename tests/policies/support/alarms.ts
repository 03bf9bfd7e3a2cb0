import { type Cases, type Fixture, type FixtureResource, ref, UNKNOWN } from "./cases.ts";

/** An alarm on a metric of what `dimension` names. */
export function alarm(metricName: string, dimension: Readonly<Record<string, unknown>>): FixtureResource {
  return ["aws:cloudwatch/metricAlarm:MetricAlarm", { metricName, dimensions: dimension }];
}

/** An alarm that computes with the metric of what `dimension` names. */
export function computed(metricName: string, dimension: Readonly<Record<string, unknown>>): FixtureResource {
  return [
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    { metricQueries: [{ expression: "m * 2" }, { metric: { metricName, dimensions: dimension } }] },
  ];
}

/**
 * The cases of a rule by which a resource must have alarms on two metrics, or on one.
 * @param thing "a queue"; in messages it is "the queue"
 * @param name the input by which CloudWatch knows it, and the output that holds the same
 */
export function alarmedCases(
  type: string,
  thing: string,
  {
    dimension,
    inputs = {},
    metrics,
    name,
    what = thing.replace(/^an? /, "the "),
  }: { dimension: string; inputs?: object; metrics: readonly string[]; name: string; what?: string },
): Cases {
  const known: FixtureResource = [type, { ...inputs, [name]: "shop" }];
  const [first = ""] = metrics;
  const alarmsOf = (value: unknown, make = alarm): Record<string, FixtureResource> =>
    Object.fromEntries(metrics.map((metric) => [`alarm-${metric}`, make(metric, { [dimension]: value })]));
  const says = (missing: readonly string[]): string =>
    `shop: no alarm watches ${missing.join(", ")} of ${what}; an aws.cloudwatch.MetricAlarm must.`;
  const given = (alarms: Readonly<Record<string, FixtureResource>>, of: FixtureResource = known): Fixture => ({
    shop: of,
    ...alarms,
  });
  return {
    passes: {
      [`${thing} with alarms`]: { given: given(alarmsOf(ref("shop", name)), [type, { ...inputs }]) },
      [`${thing} with alarms by its name`]: { given: given(alarmsOf("shop")) },
      [`${thing} with alarms that compute`]: { given: given(alarmsOf(ref("shop", name), computed), [type, { ...inputs }]) },
    },
    fails: {
      [`${thing} without alarms`]: { given: given({}), says: says(metrics) },
      [`${thing} beside the alarms of another`]: { given: given(alarmsOf("bills")), says: says(metrics) },
      [`${thing} with an alarm on something else`]: {
        given: given({ ...alarmsOf("shop"), [`alarm-${first}`]: alarm("Uptime", { [dimension]: "shop" }) }),
        says: says([first]),
      },
    },
    unknown: {
      [`${thing} beside an alarm of which nobody knows whose it is`]: {
        given: given({ one: alarm(first, { [dimension]: UNKNOWN }) }),
        open: `shop: one.dimensions.${dimension}`,
      },
    },
    survives: {
      "alarm-*: metricQueries[0]*: *": "the expression is not what names the metric",
    },
  };
}
