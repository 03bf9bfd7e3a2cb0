import type { ResourceDefinition } from "../../core/definition.ts";
import { dashboard } from "./dashboard.ts";
import { logDelivery } from "./log-delivery.ts";
import { logDeliveryDestination } from "./log-delivery-destination.ts";
import { logDeliverySource } from "./log-delivery-source.ts";
import { logGroup } from "./log-group.ts";
import { logMetricFilter } from "./log-metric-filter.ts";
import { logStream } from "./log-stream.ts";
import { metricAlarm } from "./metric-alarm.ts";

export { startAlarms, type Alarms } from "./alarms.ts";
export { alarmStates, type AlarmView } from "./alarm-states.ts";
export { putLog, tailLogs } from "./logs.ts";
export { closeCloudWatch, putMetric } from "./metrics.ts";

/** What CloudWatch and CloudWatch Logs serve. */
export const cloudwatchDefinitions: readonly ResourceDefinition[] = [
  logGroup,
  logStream,
  logMetricFilter,
  logDeliverySource,
  logDeliveryDestination,
  logDelivery,
  metricAlarm,
  dashboard,
];
