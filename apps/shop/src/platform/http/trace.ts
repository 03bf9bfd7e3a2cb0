import { randomUUID } from "node:crypto";

/** `traceparent` as W3C Trace Context has it (w3.org/TR/trace-context): version, trace, parent, flags. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/;

/** The trace that a request belongs to, as 32 hexadecimal digits: the caller's, or a new one if it names none or a malformed one. */
export function traceIdOf(traceparent: string | string[] | undefined): string {
  const [, traceId] = (typeof traceparent === "string" && TRACEPARENT.exec(traceparent)) || [];
  // A random UUID costs a fraction of randomBytes, and its last 56 bits are random, as the standard wants of a trace id.
  return traceId ?? randomUUID().replaceAll("-", "");
}
