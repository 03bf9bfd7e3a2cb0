import type { Log } from "../log.ts";

/** Sends spans on until it is ended. */
export interface Tracing {
  /** Sends what has not been sent, and ends. Never rejects. */
  end(): Promise<void>;
}

/** Collects spans of this process and sends them to an OpenTelemetry collector over HTTP. The SDK is loaded here: who collects nothing does not wait for it. */
export async function startTracing(endpoint: string, role: string, log: Log): Promise<Tracing> {
  const [{ diag, DiagLogLevel }, { BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import("@opentelemetry/api"),
      import("@opentelemetry/sdk-trace-node"),
      import("@opentelemetry/exporter-trace-otlp-http"),
      import("@opentelemetry/resources"),
    ]);
  const say = (message: string): void => log.write("warn", "tracing", { message });
  diag.setLogger({ error: say, warn: say, info: say, debug: say, verbose: say }, DiagLogLevel.ERROR);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, "")}/v1/traces`, timeoutMillis: 5_000 });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "shop", "service.instance.role": role }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  return {
    async end() {
      await provider.shutdown().catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
    },
  };
}
