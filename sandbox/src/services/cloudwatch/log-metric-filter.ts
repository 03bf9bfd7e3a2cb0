import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { hasUnknown, text, type Props } from "../../core/values.ts";
import { all, matching, ofLength, oneOf } from "../limits.ts";
import { LOG_GROUP, LOG_METRIC_FILTER, noSuchGroup } from "./log-groups.ts";
import { readFilter } from "./metric-filters.ts";
import { UNITS } from "./units.ts";

/** How many filters a group takes. Source: CloudWatch Logs quotas. */
const MAX_FILTERS = 100;

const named = all(ofLength(1, 255), matching(/^[^:*$]*$/, "':', '*' and '$' are not"));

/** Counts lines, or takes a number out of them, as a metric. */
export const logMetricFilter: ResourceDefinition = {
  type: LOG_METRIC_FILTER,
  replaceOn: ["logGroupName", "name"],
  autoName: { property: "name", maxLength: 512 },
  limits: {
    name: all(ofLength(1, 512), matching(/^[^:*]*$/, "':' and '*' are not")),
    pattern: (_, inputs) => faultOf(inputs),
    "metricTransformation.name": named,
    "metricTransformation.namespace": named,
    "metricTransformation.value": ofLength(0, 100),
    "metricTransformation.unit": oneOf(...UNITS),
  },
  references: [{ path: "logGroupName", to: LOG_GROUP, by: ["name"], missing: noSuchGroup }],
  create: ({ cloud, inputs, region }) => {
    const name = text(inputs, "name");
    const group = text(inputs, "logGroupName");
    const siblings = cloud.world
      .all(LOG_METRIC_FILTER)
      .filter((row) => row.region === region && row.inputs["logGroupName"] === group);
    if (siblings.length >= MAX_FILTERS) throw new CloudError("LimitExceededException", "Resource limit exceeded.");
    readFilter(name, inputs);
    if (siblings.some(({ inputs: theirs }) => theirs["name"] === name)) {
      throw new CloudError("ResourceAlreadyExistsException", `The metric filter ${name} of ${group} exists already`);
    }
    // The provider's id is the name, which is a filter's own in its group only; the world needs another where two groups use one name.
    const taken = cloud.world.get(LOG_METRIC_FILTER, name, region) !== undefined;
    return { id: taken ? `${group}:${name}` : name };
  },
  update: ({ inputs }, before) => {
    readFilter(before.id, inputs);
    return {};
  },
};

function faultOf(inputs: Props): string | undefined {
  const transformation = inputs["metricTransformation"];
  if (hasUnknown(transformation) || typeof transformation !== "object") return undefined;
  try {
    readFilter("", inputs);
    return undefined;
  } catch (error) {
    if (error instanceof CloudError) return error.message;
    throw error;
  }
}
