import type { ApiCall } from "../../api/operation.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { parsedEvent, parseFilterPattern } from "./filter-pattern.ts";
import { InputReader } from "./input-reader.ts";
import { storeKey } from "./log-groups.ts";
import { requireNamedGroup, requireStream, STREAM_NAME } from "./logs-names.ts";
import type { EventQuery, LogEvent } from "./log-store.ts";
import { writeLogs } from "./logs.ts";
import { telemetry } from "./telemetry.ts";

/** The largest answer. Source: API reference, GetLogEvents and FilterLogEvents: 1 MB, 10,000 events. */
const MAX_BYTES = 1024 * 1024;
const MAX_EVENTS = 10_000;
/** Events that one call of FilterLogEvents looks at before it answers, with what it found and where to go on. */
const MAX_SCANNED = 50_000;

/** A place between two events: right after the one of that time and id. */
interface Place {
  readonly at: number;
  readonly id: number;
}

/** GetLogEvents. Going forwards, or backwards, at the end gives the token that was passed, as CloudWatch does. */
export function getLogEvents(call: ApiCall): Props {
  const read = new InputReader(call.input);
  const stream = read.text("logStreamName", STREAM_NAME);
  const { from, to } = range(read);
  const limit = read.optionalInteger("limit", 1, MAX_EVENTS) ?? MAX_EVENTS;
  const fromHead = read.boolean("startFromHead", false);
  const token = read.optionalText("nextToken");
  const group = requireNamedGroup(call, read);
  requireStream(call, group, stream);
  const place = token === undefined ? undefined : placeOf(token, /^([fb])\/(\d+)\/(\d+)$/);
  const newestFirst = place === undefined ? !fromHead : token?.startsWith("b") === true;
  const found = events(call, group, { streams: [stream], from, to, limit, newestFirst, after: place });
  const ordered = newestFirst ? found.reverse() : found;
  const [first, last] = [ordered[0], ordered.at(-1)];
  const empty = place ?? { at: from, id: 0 };
  return {
    events: ordered.map(({ at, message, taken }) => ({ timestamp: at, message, ingestionTime: taken })),
    nextForwardToken: tokenOf("f", last ?? (newestFirst && place !== undefined ? { ...empty, id: empty.id - 1 } : empty)),
    nextBackwardToken: tokenOf("b", first ?? (newestFirst || place === undefined ? empty : { ...empty, id: empty.id + 1 })),
  };
}

/** FilterLogEvents. An answer without events may still have a token: there is more to look through. */
export function filterLogEvents(call: ApiCall): Props {
  const read = new InputReader(call.input);
  const { from, to } = range(read);
  const limit = read.optionalInteger("limit", 1, MAX_EVENTS) ?? MAX_EVENTS;
  const names = read.texts("logStreamNames", 100, STREAM_NAME);
  const prefix = read.optionalText("logStreamNamePrefix", STREAM_NAME);
  const pattern = read.optionalText("filterPattern", { least: 0, most: 1024 }) ?? "";
  const token = read.optionalText("nextToken");
  const group = requireNamedGroup(call, read);
  if (names.length > 0 && prefix !== undefined)
    throw new CloudError("InvalidParameterException", "Only one of logStreamNamePrefix and logStreamNames can be specified.");
  for (const name of names) requireStream(call, group, name);
  const { matches } = parseFilterPattern(pattern);
  const streams =
    prefix === undefined
      ? names
      : telemetry(call.cloud)
          .logs.streams(storeKey(group), prefix)
          .map(({ name }) => name);
  if (prefix !== undefined && streams.length === 0) return { events: [], searchedLogStreams: [] };
  const asked = { streams: streams.length === 0 ? undefined : streams, from, to: Math.min(to + 1, Number.MAX_SAFE_INTEGER) };
  const found: LogEvent[] = [];
  let after = token === undefined ? undefined : placeOf(token, /^(e)\/(\d+)\/(\d+)$/);
  let more = true;
  let bytes = 0;
  for (let scanned = 0; more && scanned < MAX_SCANNED && found.length < limit && bytes < MAX_BYTES;) {
    const page = events(call, group, { ...asked, limit: 1000, after });
    more = page.length > 0;
    for (const event of page) {
      if (found.length >= limit || bytes >= MAX_BYTES) break;
      after = event;
      scanned++;
      if (!matches(event.message, parsedEvent(event.message))) continue;
      bytes += Buffer.byteLength(event.message);
      found.push(event);
    }
  }
  return {
    events: found.map(({ at, id, message, stream, taken }) => ({
      logStreamName: stream,
      timestamp: at,
      message,
      ingestionTime: taken,
      eventId: String(id).padStart(56, "0"),
    })),
    searchedLogStreams: [],
    ...(more && after !== undefined ? { nextToken: tokenOf("e", after) } : {}),
  };
}

function events(call: ApiCall, group: Resource, query: EventQuery): LogEvent[] {
  writeLogs(call.cloud);
  return telemetry(call.cloud).logs.events(storeKey(group), { ...query, bytes: MAX_BYTES });
}

function range(read: InputReader): { readonly from: number; readonly to: number } {
  const from = read.optionalInteger("startTime", 0, Number.MAX_SAFE_INTEGER) ?? 0;
  return { from, to: read.optionalInteger("endTime", 0, Number.MAX_SAFE_INTEGER) ?? Number.MAX_SAFE_INTEGER };
}

function tokenOf(kind: "f" | "b" | "e", { at, id }: Place): string {
  return `${kind}/${String(at)}/${String(Math.max(0, id))}`;
}

function placeOf(token: string, form: RegExp): Place {
  const [, , at, id] = form.exec(token) ?? [];
  if (at === undefined) throw new CloudError("InvalidParameterException", "The specified nextToken is invalid.");
  return { at: Number(at), id: Number(id) };
}
