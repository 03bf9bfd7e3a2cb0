import type { ApiCall, Demand, Operations } from "../../api/operation.ts";
import type { QueryCodes } from "../../api/json-protocol.ts";
import { text, texts } from "../../core/values.ts";
import { describeAlarms, setAlarmStateByName } from "./monitoring-alarms.ts";
import { listMetrics } from "./monitoring-list.ts";
import { putMetricData } from "./monitoring-put.ts";
import { getMetricData, getMetricStatistics } from "./monitoring-read.ts";

/** CloudWatch metrics and alarms. What IAM is asked is what the service authorization reference says. */
export const monitoringOperations: Operations = {
  DescribeAlarms: { demands: (call) => onAlarms(call, "DescribeAlarms", texts(call.input, "AlarmNames")), run: describeAlarms },
  GetMetricData: { demands: onAnything("GetMetricData"), run: getMetricData },
  GetMetricStatistics: { demands: onAnything("GetMetricStatistics"), run: getMetricStatistics },
  ListMetrics: { demands: onAnything("ListMetrics"), run: listMetrics },
  PutMetricData: {
    demands: ({ input }) => ({
      action: "cloudwatch:PutMetricData",
      resource: "*",
      context: { "cloudwatch:namespace": text(input, "Namespace") },
    }),
    run: putMetricData,
  },
  SetAlarmState: {
    demands: (call) => onAlarms(call, "SetAlarmState", [text(call.input, "AlarmName")]),
    run: setAlarmStateByName,
  },
};

/** Members of the answers that are times. */
export const MONITORING_TIMESTAMPS: ReadonlySet<string> = new Set([
  "AlarmConfigurationUpdatedTimestamp",
  "StateTransitionedTimestamp",
  "StateUpdatedTimestamp",
  "Timestamp",
  "Timestamps",
]);

/** What the errors were called in CloudWatch's query protocol. Source: the service's Smithy model, `awsQueryError`. */
export const MONITORING_QUERY_CODES: QueryCodes = {
  AccessDeniedException: "AccessDenied",
  InternalServiceFault: "InternalServiceError",
  InvalidParameterCombinationException: "InvalidParameterCombination",
  InvalidParameterValueException: "InvalidParameterValue",
  LimitExceededFault: "LimitExceeded",
  MissingRequiredParameterException: "MissingParameter",
  ValidationException: "ValidationError",
};

function onAnything(action: string): () => Demand {
  return () => ({ action: `cloudwatch:${action}`, resource: "*" });
}

/** All alarms, unless some are named. */
function onAlarms({ cloud, region }: ApiCall, action: string, names: readonly string[]): Demand[] {
  return (names.length === 0 ? ["*"] : names).map((name) => ({
    action: `cloudwatch:${action}`,
    resource: `arn:aws:cloudwatch:${region}:${cloud.account}:alarm:${name}`,
  }));
}
