import { Readable } from "node:stream";
import type { Cloud } from "../../core/cloud.ts";
import { element } from "../../api/xml.ts";
import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import type { Origin, OriginAnswer, OriginRequest } from "../../plane/cdn/plan.ts";
import { decide } from "../iam/evaluate.ts";
import { policyOfKey, requireKey, requireUsable } from "../kms/keys.ts";
import { holdBlobs, readBlob } from "../s3/blobs.ts";
import { BUCKET, policyOfBucket } from "../s3/buckets.ts";
import { currentVersion, type ObjectVersion } from "../s3/objects.ts";
import { keyOf, names } from "../s3/object-read.ts";

/** A bucket behind a distribution. */
export interface S3OriginOptions {
  readonly bucket: string;
  readonly host: string;
  readonly pathPrefix: string;
  readonly customHeaders: Readonly<Record<string, string>>;
  /** The distribution for which CloudFront speaks; undefined where it does not show who it is, as nobody. */
  readonly distributionArn: string | undefined;
}

/** The bucket that a domain name such as `assets.s3.eu-central-1.amazonaws.com` leads to; undefined for other names. */
export function bucketOfDomain(domain: string): string | undefined {
  return /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/.exec(domain)?.[1];
}

/** A bucket as an origin. It is asked as the service principal of CloudFront, for the distribution's ARN: the bucket's policy, and its key's, must let that in. */
export class S3Origin implements Origin {
  readonly host: string;
  readonly pathPrefix: string;
  readonly customHeaders: Readonly<Record<string, string>>;
  private readonly cloud: Cloud;
  private readonly options: S3OriginOptions;

  constructor(cloud: Cloud, options: S3OriginOptions) {
    this.cloud = cloud;
    this.options = options;
    this.host = options.host;
    this.pathPrefix = options.pathPrefix;
    this.customHeaders = options.customHeaders;
  }

  ask({ headers, method, path }: OriginRequest): Promise<OriginAnswer> {
    try {
      return Promise.resolve(this.answer(method, decodeURIComponent(path.split("?")[0] ?? "").slice(1), headers));
    } catch (error) {
      if (error instanceof CloudError) return Promise.resolve(errorAnswer(error, path));
      throw error;
    }
  }

  private answer(method: string, key: string, headers: Readonly<Record<string, string>>): OriginAnswer {
    const { bucket } = this.options;
    if (this.cloud.world.get(BUCKET, bucket) === undefined)
      throw new CloudError("NoSuchBucket", "The specified bucket does not exist", 404);
    if (method !== "GET" && method !== "HEAD")
      throw new CloudError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405);
    if (!this.may("s3:GetObject", `arn:aws:s3:::${bucket}/${key}`)) throw denied();
    const version = currentVersion(this.cloud, bucket, key);
    if (version === undefined) {
      // That something is missing is told only to who may list the bucket.
      throw this.may("s3:ListBucket", `arn:aws:s3:::${bucket}`)
        ? new CloudError("NoSuchKey", "The specified key does not exist.", 404)
        : denied();
    }
    this.requireKeyOf(version);
    return objectAnswer(this.cloud, version, method, headers);
  }

  private may(action: string, resource: string): boolean {
    return decide({ action, resource, ...this.caller() }, [], policyOfBucket(this.cloud, this.options.bucket), {
      resourceMustAllow: true,
    }).allowed;
  }

  private caller(): { readonly principals: readonly string[]; readonly context: ReadonlyMap<string, readonly string[]> } {
    const { distributionArn } = this.options;
    if (distributionArn === undefined)
      return { principals: ["anonymous"], context: new Map([["aws:securetransport", ["true"]]]) };
    const context = new Map([
      ["aws:sourcearn", [distributionArn]],
      ["aws:sourceaccount", [this.cloud.account]],
      ["aws:securetransport", ["true"]],
      ["aws:principalisawsservice", ["true"]],
    ]);
    return { principals: ["cloudfront.amazonaws.com"], context };
  }

  /** What is encrypted under a key of the account's own needs that key's word as well. */
  private requireKeyOf(version: ObjectVersion): void {
    const { keyId } = keyOf(version);
    if (keyId === "" || keyId.includes("alias/aws/")) return;
    const region = this.cloud.world.get(BUCKET, this.options.bucket)?.region ?? "";
    const key = requireKey(this.cloud, keyId, region);
    requireUsable(key);
    const asked = { action: "kms:Decrypt", resource: text(key.outputs, "arn"), ...this.caller() };
    if (!decide(asked, [], policyOfKey(this.cloud, key), { resourceMustAllow: true }).allowed) throw denied();
  }
}

function objectAnswer(
  cloud: Cloud,
  version: ObjectVersion,
  method: string,
  asked: Readonly<Record<string, string>>,
): OriginAnswer {
  const etag = `"${version.etag}"`;
  const modified = new Date(version.modified).toUTCString();
  const headers = { ...version.headers, etag, "last-modified": modified, "accept-ranges": "bytes", server: "AmazonS3" };
  const noneMatch = asked["if-none-match"];
  const since = asked["if-modified-since"];
  const isKnown =
    noneMatch !== undefined
      ? names(noneMatch.replaceAll("W/", ""), version.etag)
      : since !== undefined && Date.parse(modified) <= Date.parse(since);
  if (isKnown) return { status: 304, headers, body: Readable.from([]) };
  const whole = { ...headers, "content-length": String(version.size) };
  return { status: 200, headers: whole, body: method === "HEAD" ? Readable.from([]) : bytes(cloud, version) };
}

/** Overwritten or deleted meanwhile, the object is read to its end all the same. */
async function* bytes(cloud: Cloud, { blobs }: ObjectVersion): AsyncGenerator<Uint8Array> {
  const release = holdBlobs(cloud.home, blobs);
  try {
    for (const { id, size } of blobs) if (size > 0) yield* readBlob(cloud.home, id, 0, size - 1) as AsyncIterable<Uint8Array>;
  } finally {
    await release();
  }
}

function denied(): CloudError {
  return new CloudError("AccessDenied", "Access Denied", 403);
}

function errorAnswer({ code, message, status }: CloudError, path: string): OriginAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${element("Error", { Code: code, Message: message, Key: path.slice(1) })}`;
  return { status, headers: { "content-type": "application/xml", server: "AmazonS3" }, body: Readable.from([Buffer.from(body)]) };
}
