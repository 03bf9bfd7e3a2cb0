import { resourcesOf } from "./ask.ts";
import type { Case, Cases, FixtureResource } from "./cases.ts";

export const BUCKET = "aws:s3/bucket:Bucket";

/** The companion of a bucket that the provider calls by this name. */
export function companion(name: string): string {
  return `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

/** Adds to the cases the first that passes and the first that fails, with the bucket under its older name, `BucketV2`. */
export function withOlderName(cases: Cases): Cases {
  return { ...cases, passes: { ...cases.passes, ...older(cases.passes) }, fails: { ...cases.fails, ...older(cases.fails) } };
}

function older<T extends Case>(cases: Readonly<Record<string, T>>): Record<string, T> {
  const [first] = Object.entries(cases);
  if (first === undefined) return {};
  const [title, each] = first;
  const renamed = Object.entries(resourcesOf(each.given)).map(([name, [type, inputs]]): [string, FixtureResource] => [
    name,
    [type === BUCKET ? "aws:s3/bucketV2:BucketV2" : type, inputs],
  ]);
  const [only] = renamed;
  const given = Array.isArray(each.given) && only !== undefined ? only[1] : Object.fromEntries(renamed);
  return { [`${title}, under its older name`]: { ...each, given } };
}
