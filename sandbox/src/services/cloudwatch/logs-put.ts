import type { ApiCall } from "../../api/operation.ts";
import { CloudError } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { InputReader } from "./input-reader.ts";
import { storeEvents } from "./logs.ts";
import { requireNamedGroup, requireStream, STREAM_NAME } from "./logs-names.ts";

/** Limits of one batch. Source: API reference, PutLogEvents. */
const MAX_BATCH_BYTES = 1_048_576;
const OVERHEAD_BYTES = 26;
const MAX_EVENTS = 10_000;
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const MAX_FUTURE_MS = 2 * HOUR_MS;
const MAX_AGE_MS = 14 * DAY_MS;

interface Event {
  readonly at: number;
  readonly message: string;
}

/** PutLogEvents: events that are too old, too new or past their group's retention are left out, and the answer says which. */
export function putLogEvents(call: ApiCall): Props {
  const { cloud, input } = call;
  const read = new InputReader(input);
  const stream = read.text("logStreamName", STREAM_NAME);
  const events = read.each("logEvents", 1, MAX_EVENTS).map((event) => ({
    at: event.integer("timestamp", 0, Number.MAX_SAFE_INTEGER),
    message: event.text("message"),
  }));
  const group = requireNamedGroup(call, read);
  requireStream(call, group, stream);
  checkBatch(events);
  const now = cloud.now();
  const days = group.inputs["retentionInDays"];
  const expiry = typeof days === "number" && days > 0 ? now - days * DAY_MS : 0;
  // Events are in order, so what is left out stands at the two ends.
  const tooOld = events.filter(({ at }) => at < now - MAX_AGE_MS).length;
  const expired = events.filter(({ at }) => at < expiry).length;
  const end = events.length - events.filter(({ at }) => at > now + MAX_FUTURE_MS).length;
  const kept = events.slice(Math.max(tooOld, expired), end);
  storeEvents(
    cloud,
    group,
    kept.map(({ at, message }) => ({ stream, at, taken: now, message })),
  );
  const rejected = {
    ...(end < events.length ? { tooNewLogEventStartIndex: end } : {}),
    ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(expired > 0 ? { expiredLogEventEndIndex: expired } : {}),
  };
  return Object.keys(rejected).length === 0 ? {} : { rejectedLogEventsInfo: rejected };
}

function checkBatch(events: readonly Event[]): void {
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + OVERHEAD_BYTES, 0);
  if (bytes > MAX_BATCH_BYTES)
    throw invalid(`Upload too large: ${String(bytes)} bytes exceeds limit of ${String(MAX_BATCH_BYTES)}`);
  if (events.some(({ at }, index) => at < (events[index - 1]?.at ?? 0)))
    throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
  if ((events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0) > DAY_MS)
    throw invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
}

function invalid(message: string): CloudError {
  return new CloudError("InvalidParameterException", message);
}
