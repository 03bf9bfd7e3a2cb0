import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, type Props, text } from "../../core/values.ts";
import { deliverObject } from "../s3/delivery.ts";
import { currentVersion } from "../s3/objects.ts";

/** A load balancer writes a file for each of these (Elastic Load Balancing User Guide, "Access log files"). */
const FILE_MS = 5 * 60_000;
/** The name of what is written first. */
const TEST_FILE = "ELBAccessLogTestFile";

/** What waits to be written for a load balancer. */
interface Pending {
  readonly loadBalancer: Resource;
  /** The end of the time that the file is for, in milliseconds since the epoch. */
  readonly until: number;
  readonly lines: string[];
}

/** Where a load balancer writes its access log; undefined where that is switched off. */
export function accessLogOf({ outputs }: Resource): { readonly bucket: string; readonly folder: string } | undefined {
  const logs: Props = isProps(outputs["accessLogs"]) ? outputs["accessLogs"] : {};
  if (logs["enabled"] !== true) return undefined;
  const prefix = text(logs, "prefix");
  return { bucket: text(logs, "bucket"), folder: `${prefix === "" ? "" : `${prefix}/`}AWSLogs` };
}

/** The access logs of all load balancers: lines are gathered, and go into the buckets as compressed files, one every five minutes. */
export class AccessLogFiles {
  private readonly cloud: Cloud;
  private readonly pending = new Map<string, Pending>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** Takes a line in. */
  take(loadBalancer: Resource, line: string): void {
    const until = (Math.floor(this.cloud.now() / FILE_MS) + 1) * FILE_MS;
    const key = `${loadBalancer.id} ${until}`;
    const pending = this.pending.get(key) ?? { loadBalancer, until, lines: [] };
    pending.lines.push(line);
    this.pending.set(key, pending);
  }

  /** Writes the files whose time is over. */
  write(): Promise<void> {
    return this.deliverAll(({ until }) => this.cloud.now() >= until);
  }

  /** Writes what waits for a load balancer that goes, or for all at the end of the daemon. */
  finish(loadBalancer?: Resource): Promise<void> {
    return this.deliverAll((pending) => loadBalancer === undefined || pending.loadBalancer.id === loadBalancer.id);
  }

  /** Writes the file that shows a bucket's owner that logs arrive, unless it is there. */
  async test(loadBalancer: Resource): Promise<void> {
    const place = accessLogOf(loadBalancer);
    if (place === undefined) return;
    const key = `${place.folder}/${this.cloud.account}/${TEST_FILE}`;
    if (currentVersion(this.cloud, place.bucket, key) !== undefined) return;
    const words = `Enable AccessLog for ELB: ${text(loadBalancer.outputs, "name")} at ${new Date(this.cloud.now()).toISOString()}`;
    await deliverObject(this.cloud, place.bucket, key, Buffer.from(words), "text/plain");
  }

  private async deliverAll(isDue: (pending: Pending) => boolean): Promise<void> {
    const due = [...this.pending].filter(([, pending]) => isDue(pending));
    for (const [key] of due) this.pending.delete(key);
    await Promise.all(due.map(([, pending]) => this.deliver(pending)));
  }

  private async deliver({ lines, loadBalancer, until }: Pending): Promise<void> {
    const place = accessLogOf(loadBalancer);
    if (place === undefined) return;
    const end = new Date(until).toISOString();
    const day = end.slice(0, 10).replaceAll("-", "/");
    const { account } = this.cloud;
    const suffix = text(loadBalancer.outputs, "arnSuffix").replaceAll("/", ".");
    const stamp = `${end.slice(0, 10).replaceAll("-", "")}T${end.slice(11, 16).replace(":", "")}Z`;
    const name = `${account}_elasticloadbalancing_${loadBalancer.region}_${suffix}_${stamp}_127.0.0.1_${randomBytes(4).toString("hex")}.log.gz`;
    const key = `${place.folder}/${account}/elasticloadbalancing/${loadBalancer.region}/${day}/${name}`;
    const body = gzipSync(`${lines.join("\n")}\n`);
    const isThere = await deliverObject(this.cloud, place.bucket, key, body, "application/octet-stream");
    if (!isThere)
      this.cloud.note(`${text(loadBalancer.outputs, "name")} could not write its access log: the bucket ${place.bucket} is gone`);
  }
}
