import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { LogMetricFilter } from "@pulumi/aws/cloudwatch/logMetricFilter.js";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags.ts";

/** What the caller decides about {@link AppLogs}. */
export interface AppLogsArgs {
  /** The log group's full name, such as `/platform/app`. A change replaces the group and loses its lines. */
  readonly groupName: string;
  /** The CloudWatch namespace of the metrics counted from the lines. */
  readonly namespace: string;
  /** ARN of the KMS key that encrypts the lines; its policy must let CloudWatch Logs in. */
  readonly keyArn: pulumi.Input<string>;
  /** Days for which lines are kept. */
  readonly days: number;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/** The metrics that are counted from the product's request lines. */
export const REQUEST_METRICS = { requests: "Requests", errors: "ServerErrors", latency: "Latency" } as const;

/**
 * The product's log lines, and three metrics counted from them: requests, answers of 500 and above, and milliseconds of each answer.
 *
 * The product writes one JSON object a line; a request's line has `event: "request"`, `status` and `ms`. A request that never reached the product, because it
 * was down, is counted from the lines of the proxy before it.
 *
 * **Cost**: 0.63 USD a GB taken in, 0.0324 USD a GB and month kept (Frankfurt), 0.90 USD a month for the three metrics.
 */
export class AppLogs extends pulumi.ComponentResource {
  /** The log group into which the product writes. */
  readonly groupName: pulumi.Output<string>;
  /** Its ARN, without `:*` at the end. */
  readonly groupArn: pulumi.Output<string>;

  constructor(name: string, args: AppLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { days, groupName, keyArn, namespace, tags } = args;
    super("platform:observability:AppLogs", name, {}, opts);

    const group = new LogGroup(
      `${name}-group`,
      { name: groupName, kmsKeyId: keyArn, retentionInDays: days, tags },
      { parent: this },
    );
    const count = (
      role: string,
      pattern: string,
      metricTransformation: { name: string; value: string; unit?: string; defaultValue?: string },
    ) =>
      new LogMetricFilter(
        `${name}-${role}`,
        { logGroupName: group.name, pattern, metricTransformation: { namespace, ...metricTransformation } },
        { parent: this },
      );
    const { errors, latency, requests } = REQUEST_METRICS;
    count("requests", `{ $.event = "request" }`, { name: requests, value: "1", defaultValue: "0" });
    count("errors", `{ $.event = "request" && $.status >= 500 }`, { name: errors, value: "1", defaultValue: "0" });
    // The proxy (Caddy) writes such a line when it finds nobody to hand a request to, and only then.
    const turnedAway = `{ $.logger = "http.log.error" && $.status >= 500 }`;
    count("proxy-requests", turnedAway, { name: requests, value: "1" });
    count("proxy-errors", turnedAway, { name: errors, value: "1" });
    // No default here: a minute without requests has no latency, and a zero would make it look better than it was.
    count("latency", `{ $.event = "request" }`, { name: latency, value: "$.ms", unit: "Milliseconds" });

    this.groupName = group.name;
    this.groupArn = group.arn;
    this.registerOutputs({ groupName: this.groupName, groupArn: this.groupArn });
  }
}
