import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";

export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
export const LOG_STREAM = "aws:cloudwatch/logStream:LogStream";
export const LOG_METRIC_FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";

/** The days for which a group can keep its events; 0 is for ever. Source: PutRetentionPolicy, `retentionInDays`. */
export const RETENTION_DAYS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The group of that name. Throws `ResourceNotFoundException`. */
export function requireGroup(cloud: Cloud, name: string, region: string): Resource {
  const group = cloud.world.get(LOG_GROUP, name, region);
  if (group === undefined) throw noSuchGroup();
  return group;
}

export function noSuchGroup(): CloudError {
  return new CloudError("ResourceNotFoundException", "The specified log group does not exist.", 404);
}

/** What the group is called in the store of lines. */
export function storeKey(group: Pick<Resource, "id" | "region">): string {
  return `${group.region}/${group.id}`;
}
