import { type Attributes, context, propagation, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";

/** What a span tells beside its name and times. Never what people typed, nor values of statements. */
export interface SpanAbout {
  /** Whether we ask somebody, or do what somebody has asked for. @default - neither */
  readonly kind?: "client" | "producer" | "consumer";
  readonly attributes?: Attributes;
}

const KINDS = { client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER };

/** Runs `work` in a span of its own, inside the one that is under way. Costs next to nothing while nobody collects spans. */
export function inSpan<T>(name: string, { kind, attributes = {} }: SpanAbout, work: () => Promise<T>): Promise<T> {
  const options = { attributes, ...(kind !== undefined && { kind: KINDS[kind] }) };
  return trace.getTracer("shop").startActiveSpan(name, options, async (span) => {
    try {
      return await work();
    } catch (error) {
      // Messages may quote values: the log has them cleaned.
      const name = error instanceof Error ? error.name : "Error";
      span.setStatus({ code: SpanStatusCode.ERROR, message: name });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The span of a request, below the caller's; undefined while nobody collects spans. */
export function startRequestSpan(method: string, headers: Readonly<Record<string, unknown>>): Span | undefined {
  const parent = propagation.extract(context.active(), headers);
  const span = trace
    .getTracer("shop")
    .startSpan(method, { kind: SpanKind.SERVER, attributes: { "http.request.method": method } }, parent);
  return span.isRecording() ? span : undefined;
}

/** Ends it, under the route's name: paths hold what people chose. */
export function endRequestSpan(span: Span, method: string, route: string, status: number): void {
  span.updateName(`${method} ${route}`);
  span.setAttributes({ "http.route": route, "http.response.status_code": status });
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** Has what `run` begins belong to a span. */
export function insideSpan<T>(span: Span, run: () => T): T {
  return context.with(trace.setSpan(context.active(), span), run);
}

/** The trace that is under way; undefined outside of any. */
export function activeTraceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId;
}
