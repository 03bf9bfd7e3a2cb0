import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text, textAt, valuesAt } from "../../core/values.ts";
import type { Served } from "../../plane/cdn/plan.ts";
import { deliverRecords, deliveriesOf } from "../cloudwatch/log-deliveries.ts";
import { deliverObject } from "../s3/delivery.ts";
import { bucketOfDomain } from "./s3-origin.ts";

/** Source: CloudFront developer guide, "Standard log file fields". */
const FIELDS = [
  "date",
  "time",
  "x-edge-location",
  "sc-bytes",
  "c-ip",
  "cs-method",
  "cs(Host)",
  "cs-uri-stem",
  "sc-status",
  "cs(Referer)",
  "cs(User-Agent)",
  "cs-uri-query",
  "cs(Cookie)",
  "x-edge-result-type",
  "x-edge-request-id",
  "x-host-header",
  "cs-protocol",
  "cs-bytes",
  "time-taken",
];
/** Lines that wait are written when there are so many, or when a minute is over that had some. */
const MOST_LINES = 10_000;

interface Pending {
  readonly row: Resource;
  readonly hour: string;
  /** When the first request of them was answered, in milliseconds since the epoch. */
  readonly since: number;
  /** Whether anybody keeps the log; asked once for all that waits, not for each request. */
  readonly isKept: boolean;
  readonly entries: string[][];
}

/**
 * The access logs of distributions: gathered, and written as compressed files, into the bucket that the distribution names (standard logging) and to where its
 * deliveries lead (standard logging v2).
 */
export class AccessLog {
  private readonly cloud: Cloud;
  private readonly pending = new Map<string, Pending>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** Takes a request in, where its distribution keeps a log. */
  add(row: Resource, served: Served): void {
    const moment = new Date(served.at).toISOString();
    const hour = moment.slice(0, 13).replace("T", "-");
    const key = `${row.id}.${hour}`;
    const pending = this.pending.get(key) ?? { row, hour, since: served.at, isKept: this.isKept(row), entries: [] };
    this.pending.set(key, pending);
    if (!pending.isKept) return;
    pending.entries.push(valuesOf(served, moment));
    if (pending.entries.length >= MOST_LINES) void this.flush(row.id);
  }

  /** Writes what waits, of one distribution or of all. */
  async flush(id?: string): Promise<void> {
    const due = [...this.pending].filter(([, { row }]) => id === undefined || row.id === id);
    for (const [key] of due) this.pending.delete(key);
    for (const [, pending] of due) {
      if (pending.entries.length === 0) continue;
      if (bucketNamed(pending.row) !== "") await this.writeLines(pending);
      const records = pending.entries.map((values) => Object.fromEntries(FIELDS.map((field, at) => [field, values[at] ?? "-"])));
      await deliverRecords(this.cloud, pending.row, records, pending.since);
    }
  }

  private isKept(row: Resource): boolean {
    return bucketNamed(row) !== "" || deliveriesOf(this.cloud, text(row.outputs, "arn")).length > 0;
  }

  private async writeLines({ entries, hour, row }: Pending): Promise<void> {
    const bucket = bucketOfDomain(bucketNamed(row)) ?? "";
    const withCookies = valuesAt(row.inputs, "loggingConfig.includeCookies")[0] === true;
    const cookie = FIELDS.indexOf("cs(Cookie)");
    const lines = entries.map((values) => (withCookies ? values : values.with(cookie, "-")).join("\t"));
    const name = `${textAt(row.inputs, "loggingConfig.prefix")}${row.id}.${hour}.${randomBytes(4).toString("hex")}.gz`;
    const content = ["#Version: 1.0", `#Fields: ${FIELDS.join(" ")}`, ...lines].join("\n");
    const there = await deliverObject(this.cloud, bucket, name, gzipSync(`${content}\n`), "application/x-gzip");
    if (!there)
      this.cloud.note(`The access log of the distribution ${row.id} could not be written: the bucket ${bucket} is gone.`);
  }
}

/** The bucket that the distribution itself names for its log; empty without one. */
function bucketNamed({ inputs }: Resource): string {
  return textAt(inputs, "loggingConfig.bucket");
}

/** What the log says of a request, in the order of the fields. */
function valuesOf(served: Served, moment: string): string[] {
  const { bytesIn, bytesOut, client, headers, host, method, milliseconds, path, query, requestId, result, secure, status } =
    served;
  return [
    moment.slice(0, 10),
    moment.slice(11, 19),
    "FRA60-P1",
    String(bytesOut),
    client,
    method,
    host,
    path,
    String(status),
    encoded(headers.referer),
    encoded(headers["user-agent"]),
    query || "-",
    encoded(headers.cookie),
    result,
    requestId,
    headers.host ?? "-",
    secure ? "https" : "http",
    String(bytesIn),
    (milliseconds / 1000).toFixed(3),
  ];
}

/** A value must not break its line. */
function encoded(value: string | undefined): string {
  return value === undefined ? "-" : encodeURI(value);
}
