import { alsoNamed, type Cases } from "./cases.ts";

export const BUCKET = "aws:s3/bucket:Bucket";

/** The companion of a bucket that the provider calls by this name. */
export function companion(name: string): string {
  return `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

/** Adds to the cases the first that passes and the first that fails, with the bucket under its older name, `BucketV2`. */
export function withOlderName(cases: Cases): Cases {
  return alsoNamed(cases, { [BUCKET]: ["aws:s3/bucketV2:BucketV2"] });
}
