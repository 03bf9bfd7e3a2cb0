import type { ApiCall } from "../../api/operation.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { InputReader, type TextRule } from "./input-reader.ts";
import { groupArn } from "./log-group.ts";
import { LOG_GROUP, LOG_METRIC_FILTER, storeKey } from "./log-groups.ts";
import { GROUP_NAME, requireNamedGroup, STREAM_NAME } from "./logs-names.ts";
import type { LogStreamInfo } from "./log-store.ts";
import { writeLogs } from "./logs.ts";
import { telemetry } from "./telemetry.ts";

/** Items of a page: the default and the most. Source: API reference, DescribeLogGroups and DescribeLogStreams. */
const PAGE = 50;

const ORDERS: TextRule = { among: ["LogStreamName", "LastEventTime"] };

/** DescribeLogGroups, by name. */
export function describeLogGroups(call: ApiCall): Props {
  const read = new InputReader(call.input);
  const prefix = read.optionalText("logGroupNamePrefix", GROUP_NAME);
  const part = read.optionalText("logGroupNamePattern", GROUP_NAME);
  const size = read.optionalInteger("limit", 1, PAGE) ?? PAGE;
  const token = read.optionalText("nextToken");
  read.check("InvalidParameterException");
  if (prefix !== undefined && part !== undefined)
    throw invalid("Only one of logGroupNamePrefix and logGroupNamePattern can be specified.");
  writeLogs(call.cloud);
  const groups = call.cloud.world
    .all(LOG_GROUP)
    .filter(({ id, region }) => region === call.region && id.startsWith(prefix ?? "") && id.includes(part ?? ""))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const { items, next } = page(groups, size, token, ({ id }) => id);
  return { logGroups: items.map((group) => shownGroup(call, group)), ...next };
}

/** DescribeLogStreams, by name or by the time of their last event. */
export function describeLogStreams(call: ApiCall): Props {
  const read = new InputReader(call.input);
  const prefix = read.optionalText("logStreamNamePrefix", STREAM_NAME);
  const order = read.optionalText("orderBy", ORDERS) ?? "LogStreamName";
  const descending = read.boolean("descending", false);
  const size = read.optionalInteger("limit", 1, PAGE) ?? PAGE;
  const token = read.optionalText("nextToken");
  const group = requireNamedGroup(call, read);
  if (order === "LastEventTime" && prefix !== undefined)
    throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
  writeLogs(call.cloud);
  const streams = telemetry(call.cloud).logs.streams(storeKey(group), prefix);
  if (order === "LastEventTime") streams.sort((a, b) => (a.last ?? 0) - (b.last ?? 0));
  if (descending) streams.reverse();
  const { items, next } = page(streams, size, token, ({ name }) => name);
  const arn = groupArn(call.cloud, call.region, group.id);
  return { logStreams: items.map((stream) => shownStream(arn, stream)), ...next };
}

/** A page and the token of the next: the key of the last item, so that what is added meanwhile shifts nothing. */
function page<T>(
  all: readonly T[],
  size: number,
  token: string | undefined,
  keyOf: (item: T) => string,
): { readonly items: readonly T[]; readonly next: Props } {
  const last = token === undefined ? -1 : all.findIndex((item) => keyOf(item) === Buffer.from(token, "base64url").toString());
  if (token !== undefined && last < 0) throw invalid("The specified nextToken is invalid.");
  const items = all.slice(last + 1, last + 1 + size);
  const end = items.at(-1);
  const more = last + 1 + size < all.length && end !== undefined;
  return { items, next: more ? { nextToken: Buffer.from(keyOf(end)).toString("base64url") } : {} };
}

function shownGroup({ cloud, region }: ApiCall, group: Resource): Props {
  const days = group.inputs["retentionInDays"];
  const filters = cloud.world
    .all(LOG_METRIC_FILTER)
    .filter((row) => row.region === region && row.inputs["logGroupName"] === group.id);
  const key = text(group.inputs, "kmsKeyId");
  return {
    logGroupName: group.id,
    creationTime: Number(group.outputs["created"] ?? 0),
    ...(typeof days === "number" && days > 0 ? { retentionInDays: days } : {}),
    metricFilterCount: filters.length,
    arn: `${text(group.outputs, "arn")}:*`,
    storedBytes: telemetry(cloud).logs.size(storeKey(group)),
    ...(key === "" ? {} : { kmsKeyId: key }),
    logGroupClass: text(group.outputs, "logGroupClass") || "STANDARD",
    logGroupArn: text(group.outputs, "arn"),
  };
}

function shownStream(arn: string, { created, first, last, name, taken }: LogStreamInfo): Props {
  return {
    logStreamName: name,
    creationTime: created,
    ...(first === undefined ? {} : { firstEventTimestamp: first }),
    ...(last === undefined ? {} : { lastEventTimestamp: last }),
    ...(taken === undefined ? {} : { lastIngestionTime: taken }),
    arn: `${arn}:log-stream:${name}`,
    // Source: API reference, LogStream: "this parameter ... always 0" since 2019.
    storedBytes: 0,
  };
}

function invalid(message: string): CloudError {
  return new CloudError("InvalidParameterException", message);
}
