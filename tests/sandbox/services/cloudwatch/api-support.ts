import { AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import {
  CloudWatchClient,
  type CloudWatchClientConfig,
  type GetMetricStatisticsCommandInput,
  GetMetricStatisticsCommand,
  type GetMetricStatisticsCommandOutput,
  type MetricDatum,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  type PutLogEventsCommandOutput,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Services } from "../../../../sandbox/src/api/endpoint.ts";
import { cloudwatchDefinitions } from "../../../../sandbox/src/services/cloudwatch/index.ts";
import { logsOperations } from "../../../../sandbox/src/services/cloudwatch/logs-api.ts";
import { closeCloudWatch } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import {
  MONITORING_QUERY_CODES,
  MONITORING_TIMESTAMPS,
  monitoringOperations,
} from "../../../../sandbox/src/services/cloudwatch/monitoring-api.ts";
import { snsDefinitions } from "../../../../sandbox/src/services/sns/index.ts";
import { apiCloud, type ApiCloud, type ClientConfig } from "../../support/api.ts";
import { MINUTE, type } from "./support.ts";

const services: Services = {
  json: { logs: logsOperations, monitoring: monitoringOperations },
  query: {},
  rest: {},
  cbor: { monitoring: { operations: monitoringOperations, timestamps: MONITORING_TIMESTAMPS } },
  queryCodes: { monitoring: MONITORING_QUERY_CODES },
};

/** The log stream that {@link logsApi} makes, and the ARN of its group. */
export const GROUP = { logGroupName: "/shop/app" };
export const STREAM = { ...GROUP, logStreamName: "web/1" };
export const GROUP_ARN = "arn:aws:logs:eu-central-1:123456789012:log-group:/shop/app";

/** The API of CloudWatch Logs on loopback, and the operator's SDK client. */
export interface LogsApi extends ApiCloud {
  readonly logs: CloudWatchLogsClient;
  /** When it was started. */
  readonly now: number;
  /** Puts events into {@link STREAM}. */
  readonly put: (...events: readonly (readonly [at: number, message: string])[]) => Promise<PutLogEventsCommandOutput>;
}

export async function logsApi(): Promise<LogsApi> {
  const api = await cloudwatchApi();
  const logs = new CloudWatchLogsClient(api.operator);
  await api.stack.create(type.group, "group", { name: "/shop/app", retentionInDays: 30 });
  await logs.send(new CreateLogStreamCommand(STREAM));
  return {
    ...api,
    logs,
    now: api.cloud.now(),
    put: (...events) => {
      const logEvents = events.map(([timestamp, message]) => ({ timestamp, message }));
      return logs.send(new PutLogEventsCommand({ ...STREAM, logEvents }));
    },
  };
}

/** The protocols in which CloudWatch can be spoken to, and how the SDK's client is made to. */
export const PROTOCOLS: readonly (readonly [spoken: string, config: Partial<CloudWatchClientConfig>])[] = [
  ["JSON, as the SDK for JavaScript speaks it", {}],
  // This SDK sends the length from before it compressed when it speaks CBOR, and would wait for an answer for ever.
  ["CBOR, as other SDKs speak it", { protocol: AwsSmithyRpcV2CborProtocol, disableRequestCompression: true }],
];

/** The API of CloudWatch on loopback, and the operator's SDK client. */
export interface MetricsApi extends ApiCloud {
  readonly metrics: CloudWatchClient;
  /** The client of another key. */
  readonly client: (key: ClientConfig) => CloudWatchClient;
  /** The start of a minute that is over. */
  readonly minute: number;
  /** Puts data points of `Shop Orders` into that minute, unless they say otherwise. */
  readonly put: (...data: readonly Partial<MetricDatum>[]) => Promise<unknown>;
  /** Asks for the sums of `Shop Orders` in that minute and the two after it, unless told otherwise. */
  readonly statistics: (input?: Partial<GetMetricStatisticsCommandInput>) => Promise<GetMetricStatisticsCommandOutput>;
}

export async function metricsApi(config: Partial<CloudWatchClientConfig>): Promise<MetricsApi> {
  const api = await cloudwatchApi();
  const client = (key: ClientConfig): CloudWatchClient => new CloudWatchClient({ ...key, ...config });
  const metrics = client(api.operator);
  const minute = Math.floor(api.cloud.now() / MINUTE) * MINUTE - 5 * MINUTE;
  const metric = { Namespace: "Shop", MetricName: "Orders" };
  const range = { StartTime: new Date(minute), EndTime: new Date(minute + 3 * MINUTE), Period: 60 };
  return {
    ...api,
    metrics,
    client,
    minute,
    put: (...data) => {
      const MetricData = data.map((one) => ({ MetricName: "Orders", Timestamp: new Date(minute), ...one }));
      return metrics.send(new PutMetricDataCommand({ Namespace: "Shop", MetricData }));
    },
    statistics: (input = {}) =>
      metrics.send(new GetMetricStatisticsCommand({ ...metric, ...range, Statistics: ["Sum"], ...input })),
  };
}

async function cloudwatchApi(): Promise<ApiCloud> {
  const api = await apiCloud(services, { definitions: [...cloudwatchDefinitions, ...snsDefinitions] });
  return {
    ...api,
    end: async () => {
      closeCloudWatch(api.cloud);
      await api.end();
    },
  };
}
