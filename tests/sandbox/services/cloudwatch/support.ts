import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { type Alarms, startAlarms } from "../../../../sandbox/src/services/cloudwatch/alarms.ts";
import { cloudwatchDefinitions } from "../../../../sandbox/src/services/cloudwatch/index.ts";
import { putLog } from "../../../../sandbox/src/services/cloudwatch/logs.ts";
import { closeCloudWatch, putMetric } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { iamDefinitions } from "../../../../sandbox/src/services/iam/index.ts";
import { kmsDefinitions } from "../../../../sandbox/src/services/kms/index.ts";
import { snsDefinitions } from "../../../../sandbox/src/services/sns/index.ts";
import { Stack, testCloud, type TestCloud } from "../../support/cloud.ts";

export const type = {
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  dashboard: "aws:cloudwatch/dashboard:Dashboard",
  filter: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
  group: "aws:cloudwatch/logGroup:LogGroup",
  key: "aws:kms/key:Key",
  stream: "aws:cloudwatch/logStream:LogStream",
  topic: "aws:sns/topic:Topic",
  topicPolicy: "aws:sns/topicPolicy:TopicPolicy",
  subscription: "aws:sns/topicSubscription:TopicSubscription",
} as const;

export const MINUTE = 60_000;

/** A cloud that serves CloudWatch, with a clock that stands still at 2026-03-01T12:00:00Z. */
export class CloudWatchFixture {
  readonly cloud: TestCloud;
  readonly stack: Stack;
  #alarms: Alarms | undefined;

  constructor(cloud: TestCloud = testCloud()) {
    this.cloud = cloud;
    this.stack = new Stack(cloud, [...cloudwatchDefinitions, ...snsDefinitions, ...kmsDefinitions, ...iamDefinitions]);
  }

  make(token: string, name: string, inputs: Props): Promise<Resource> {
    return this.stack.create(token, name, inputs);
  }

  group(inputs: Props = {}): Promise<Resource> {
    return this.make(type.group, "group", { name: "/shop/app", ...inputs });
  }

  /** An alarm on the sum of `Shop Errors` in a minute, above 5; `inputs` say more of it. */
  alarm(inputs: Props = {}): Promise<Resource> {
    return this.make(type.alarm, "alarm", alarmInputs(inputs));
  }

  /** The engine that evaluates alarms, started when first asked for. */
  get alarms(): Alarms {
    this.#alarms ??= startAlarms(this.cloud);
    return this.#alarms;
  }

  /** Lets a minute pass in which these values of `Shop Errors` were published, and evaluates. */
  minute(...values: number[]): void {
    for (const value of values) this.publish("Errors", value);
    this.cloud.pass(MINUTE);
    this.alarms.evaluate();
  }

  publish(name: string, value: number): void {
    putMetric(this.cloud, "Shop", name, {}, value);
  }

  log(line: string, stream = "app"): void {
    putLog(this.cloud, "/shop/app", stream, line);
  }

  async end(): Promise<void> {
    this.#alarms?.close();
    closeCloudWatch(this.cloud);
    await this.cloud.end();
  }
}

/** Inputs of an alarm on the sum of `Shop Errors` in a minute, above 5. */
export function alarmInputs(inputs: Props = {}): Props {
  return {
    name: "errors",
    namespace: "Shop",
    metricName: "Errors",
    statistic: "Sum",
    period: 60,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 5,
    ...inputs,
  };
}
