import type { Statement } from "../shared/iam.ts";
import type { ContainerUnit } from "./cloud-init.ts";

/** AWS's build of the OpenTelemetry collector. */
const IMAGE = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3";

/** The port of OTLP over HTTP, on the server itself only. */
const PORT = 4318;

/** From which on a request is slow, in milliseconds: the p95 goal of a whole request. */
const SLOW_MS = 500;

/** Where the product sends its spans. */
export const COLLECTOR_ENDPOINT = `http://127.0.0.1:${PORT}`;

/** What a server may do so that its collector can pass traces on. X-Ray knows no narrower resource for it (Service Authorization Reference, AWS X-Ray). */
export const SEND_TRACES: Statement = {
  Sid: "SendTraces",
  Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
  Resource: "*",
};

/**
 * The collector beside the product. It waits until a trace has ended, keeps every one that failed or was slow and a share of the others, and passes them on to X-Ray. When it is away, the
 * product goes on without it.
 */
export function collectorUnit(region: string, sampledPercent: number): ContainerUnit {
  return {
    name: "traces",
    description: "Passes traces on to X-Ray",
    image: IMAGE,
    // The collector takes its settings as YAML, of which JSON is a part that fits on one line.
    environment: { AWS_REGION: region, AOT_CONFIG_CONTENT: JSON.stringify(settings(region, sampledPercent)) },
  };
}

/** See "Configuration" in the OpenTelemetry collector's documentation, and the page of its processor `tail_sampling`. */
function settings(region: string, sampledPercent: number): object {
  const policies = [
    { name: "failed", type: "status_code", status_code: { status_codes: ["ERROR"] } },
    { name: "slow", type: "latency", latency: { threshold_ms: SLOW_MS } },
    { name: "share", type: "probabilistic", probabilistic: { sampling_percentage: sampledPercent } },
  ];
  return {
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${PORT}` } } } },
    processors: {
      memory_limiter: { check_interval: "1s", limit_mib: 128 },
      tail_sampling: { decision_wait: "10s", num_traces: 10_000, policies },
      batch: {},
    },
    exporters: { awsxray: { region } },
    service: {
      pipelines: {
        traces: { receivers: ["otlp"], processors: ["memory_limiter", "tail_sampling", "batch"], exporters: ["awsxray"] },
      },
    },
  };
}
