import { type Props, text } from "../../core/values.ts";
import { customized, type TrackedMetric } from "../autoscaling/policy-metric.ts";
import { nested } from "../ec2/instance-outputs.ts";

/** The predefined metrics of readers, and what CloudWatch calls them (Application Auto Scaling API Reference, PredefinedMetricSpecification). */
export const READER_METRICS: Readonly<Record<string, string>> = {
  RDSReaderAverageCPUUtilization: "CPUUtilization",
  RDSReaderAverageDatabaseConnections: "DatabaseConnections",
};

/** The metric of a policy, for a cluster of that id. */
export function readerMetric(configuration: Props, cluster: string): TrackedMetric {
  const predefined = text(nested(configuration, "predefinedMetricSpecification"), "predefinedMetricType");
  const name = READER_METRICS[predefined];
  if (name === undefined) return customized(withDimensions(nested(configuration, "customizedMetricSpecification")));
  const dimensions = { DBClusterIdentifier: cluster, Role: "READER" };
  return { queries: [{ id: "m1", metric: { namespace: "AWS/RDS", name, dimensions, stat: "Average" } }], watched: "m1" };
}

/** A customized specification as EC2 Auto Scaling writes it, which has another name for dimensions. */
export function withDimensions({ dimensions, ...rest }: Props): Props {
  return { ...rest, ...(dimensions !== undefined && { metricDimensions: dimensions }) };
}
