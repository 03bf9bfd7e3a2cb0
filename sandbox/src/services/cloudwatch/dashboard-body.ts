import { z } from "zod";

/** One thing wrong with a dashboard's body, as PutDashboard lists them. */
export interface DashboardFault {
  readonly dataPath: string;
  readonly message: string;
}

/** The grid of a dashboard is 24 columns wide. Source: CloudWatch API reference, "Dashboard body structure and syntax", as all that follows. */
const COLUMNS = 24;
const MAX_WIDGETS = 500;

const place = {
  x: z
    .int()
    .min(0)
    .max(COLUMNS - 1)
    .optional(),
  y: z.int().min(0).optional(),
  width: z.int().min(1).max(COLUMNS).optional(),
  height: z.int().min(1).max(1000).optional(),
};

/** A metric's line: namespace, name, dimension names and values in turn (`.` repeats what stands above), and at the end options. */
const metricLine = z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).min(1);

const metricWidget = z.object({
  ...place,
  type: z.literal("metric"),
  properties: z.looseObject({
    metrics: z.array(metricLine).min(1).max(500).optional(),
    annotations: z.looseObject({ alarms: z.array(z.string()).optional() }).optional(),
    region: z.string().min(1),
    view: z.enum(["timeSeries", "singleValue", "gauge", "bar", "pie", "table"]).optional(),
    stat: z.string().optional(),
    period: z.union([z.int().min(1), z.literal("auto")]).optional(),
    title: z.string().optional(),
    stacked: z.boolean().optional(),
  }),
});

const widget = z.discriminatedUnion("type", [
  metricWidget,
  z.object({ ...place, type: z.literal("text"), properties: z.looseObject({ markdown: z.string().min(1) }) }),
  z.object({
    ...place,
    type: z.literal("log"),
    properties: z.looseObject({ query: z.string().min(1), region: z.string().min(1) }),
  }),
  z.object({ ...place, type: z.literal("alarm"), properties: z.looseObject({ alarms: z.array(z.string()).min(1).max(100) }) }),
  z.object({ ...place, type: z.literal("explorer"), properties: z.looseObject({ metrics: z.array(z.unknown()) }) }),
  z.object({ ...place, type: z.literal("custom"), properties: z.looseObject({ endpoint: z.string().min(1) }) }),
]);

const body = z.object({
  widgets: z.array(widget).max(MAX_WIDGETS),
  start: z.string().optional(),
  end: z.string().optional(),
  periodOverride: z.enum(["auto", "inherit"]).optional(),
  variables: z.array(z.unknown()).optional(),
});

/** Everything wrong with the body; empty when CloudWatch would take it. */
export function faultsInDashboard(text: string): DashboardFault[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return [
      {
        dataPath: "/",
        message: `Could not parse the dashboard body as JSON: ${error instanceof Error ? error.message : String(error)}`,
      },
    ];
  }
  const read = body.safeParse(parsed);
  if (!read.success) return read.error.issues.map(({ path, message }) => ({ dataPath: `/${path.join("/")}`, message }));
  return read.data.widgets.flatMap((one, index) => faultsInWidget(one, `/widgets/${String(index)}`));
}

function faultsInWidget(one: z.infer<typeof widget>, path: string): DashboardFault[] {
  const faults: DashboardFault[] = [];
  if ((one.x ?? 0) + (one.width ?? 6) > COLUMNS)
    faults.push({ dataPath: path, message: `x and width together must not be more than ${String(COLUMNS)}` });
  if (one.type !== "metric") return faults;
  const { annotations, metrics } = one.properties;
  if (metrics === undefined && annotations?.alarms === undefined) {
    faults.push({ dataPath: `${path}/properties`, message: 'Should have required property "metrics" or "annotations.alarms"' });
  }
  for (const [index, line] of (metrics ?? []).entries()) {
    const message = faultInLine(line);
    if (message !== undefined) faults.push({ dataPath: `${path}/properties/metrics/${String(index)}`, message });
  }
  return faults;
}

function faultInLine(line: z.infer<typeof metricLine>): string | undefined {
  const words = line.filter((item) => typeof item === "string");
  const options = line.slice(words.length);
  if (line.slice(0, words.length).some((item) => typeof item !== "string") || options.length > 1)
    return "Options must be one object at the end";
  if (words.length === 0)
    return options.some((item) => typeof item === "object" && "expression" in item)
      ? undefined
      : "Should have a namespace and a metric name";
  if (words.length === 1 && words[0] !== "..." && words[0] !== ".") return "Should NOT have fewer than 2 items";
  const dimensions = words.includes("...") ? 0 : words.length - 2;
  return dimensions > 0 && dimensions % 2 === 1 ? "Dimension names and values must come in pairs" : undefined;
}
