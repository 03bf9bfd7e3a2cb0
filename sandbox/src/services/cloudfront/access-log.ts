import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { textAt, valuesAt } from "../../core/values.ts";
import type { Served } from "../../plane/cdn/plan.ts";
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
  readonly lines: string[];
}

/** The access logs of distributions: gathered, and written into their buckets as compressed files. */
export class AccessLog {
  private readonly cloud: Cloud;
  private readonly pending = new Map<string, Pending>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** Takes a request in, where its distribution keeps a log. */
  add(row: Resource, served: Served): void {
    if (textAt(row.inputs, "loggingConfig.bucket") === "") return;
    const moment = new Date(served.at).toISOString();
    const hour = moment.slice(0, 13).replace("T", "-");
    const key = `${row.id}.${hour}`;
    const pending = this.pending.get(key) ?? { row, hour, lines: [] };
    this.pending.set(key, pending);
    const withCookies = valuesAt(row.inputs, "loggingConfig.includeCookies")[0] === true;
    pending.lines.push(lineOf(served, moment, withCookies));
    if (pending.lines.length >= MOST_LINES) void this.flush(row.id);
  }

  /** Writes what waits, of one distribution or of all. */
  async flush(id?: string): Promise<void> {
    const due = [...this.pending].filter(([, { row }]) => id === undefined || row.id === id);
    for (const [key] of due) this.pending.delete(key);
    for (const [, { hour, lines, row }] of due) {
      const bucket = bucketOfDomain(textAt(row.inputs, "loggingConfig.bucket")) ?? "";
      const name = `${textAt(row.inputs, "loggingConfig.prefix")}${row.id}.${hour}.${randomBytes(4).toString("hex")}.gz`;
      const text = ["#Version: 1.0", `#Fields: ${FIELDS.join(" ")}`, ...lines].join("\n");
      const there = await deliverObject(this.cloud, bucket, name, gzipSync(`${text}\n`), "application/x-gzip");
      if (!there)
        this.cloud.note(`The access log of the distribution ${row.id} could not be written: the bucket ${bucket} is gone.`);
    }
  }
}

function lineOf(served: Served, moment: string, withCookies: boolean): string {
  const { bytesIn, bytesOut, client, headers, host, method, milliseconds, path, query, requestId, result, secure, status } =
    served;
  const values = [
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
    withCookies ? encoded(headers.cookie) : "-",
    result,
    requestId,
    headers.host ?? "-",
    secure ? "https" : "http",
    String(bytesIn),
    (milliseconds / 1000).toFixed(3),
  ];
  return values.join("\t");
}

/** A value must not break its line. */
function encoded(value: string | undefined): string {
  return value === undefined ? "-" : encodeURI(value);
}
