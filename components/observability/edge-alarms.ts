import type * as pulumi from "@pulumi/pulumi";
import { above, type Alarms } from "./alarm-spec.ts";

/** What is watched of what AWS measures in us-east-1 only. What a platform has not got, it leaves out. */
export interface WatchedEdge {
  /** A CloudFront distribution. */
  readonly distributionId?: pulumi.Input<string>;
  /** A check from outside. */
  readonly healthCheckId?: pulumi.Input<string>;
  /** A firewall before CloudFront, by the name of its metrics. */
  readonly firewall?: {
    readonly metricName: pulumi.Input<string>;
    /** Requests turned away in five minutes that are worth a look. @default 1000 */
    readonly mostBlocked?: number;
  };
}

/** Every alarm of what stands at the edge, by the role in its name. */
export function edgeAlarms({ distributionId, firewall, healthCheckId }: WatchedEdge): Alarms {
  return {
    ...(distributionId !== undefined && deliveryAlarms(distributionId)),
    ...(healthCheckId !== undefined && canaryAlarms(healthCheckId)),
    ...(firewall && firewallAlarms(firewall)),
  };
}

function deliveryAlarms(distributionId: pulumi.Input<string>): Alarms {
  return {
    "cdn-errors": {
      severity: "critical",
      args: {
        alarmDescription:
          "The delivery network answered more than 1 % of the requests with 500 or above in three of five minutes.",
        ...above(1, 60, 3, 5),
        namespace: "AWS/CloudFront",
        metricName: "5xxErrorRate",
        dimensions: { DistributionId: distributionId, Region: "Global" },
        statistic: "Average",
        treatMissingData: "notBreaching",
      },
    },
  };
}

function canaryAlarms(healthCheckId: pulumi.Input<string>): Alarms {
  return {
    canary: {
      severity: "critical",
      args: {
        alarmDescription: "The product has not answered from outside, under its own name, for two minutes.",
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        period: 60,
        datapointsToAlarm: 2,
        evaluationPeriods: 2,
        namespace: "AWS/Route53",
        metricName: "HealthCheckStatus",
        dimensions: { HealthCheckId: healthCheckId },
        statistic: "Minimum",
        // A check that says nothing is one that is not made.
        treatMissingData: "breaching",
      },
    },
  };
}

function firewallAlarms({ metricName, mostBlocked = 1000 }: NonNullable<WatchedEdge["firewall"]>): Alarms {
  return {
    "firewall-blocked": {
      severity: "warning",
      args: {
        alarmDescription: `The firewall turned away more than ${mostBlocked} requests in each five of fifteen minutes.`,
        ...above(mostBlocked, 300, 3, 3),
        namespace: "AWS/WAFV2",
        metricName: "BlockedRequests",
        dimensions: { WebACL: metricName, Rule: "ALL" },
        statistic: "Sum",
        treatMissingData: "notBreaching",
      },
    },
  };
}
