import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";

/** "I will add the topic later." */
new MetricAlarm("errors", {
  comparisonOperator: "GreaterThanThreshold",
  evaluationPeriods: 1,
  metricName: "Errors",
  namespace: "shop",
  period: 60,
  statistic: "Sum",
  threshold: 1,
});
new LogGroup("shop-log", {});
