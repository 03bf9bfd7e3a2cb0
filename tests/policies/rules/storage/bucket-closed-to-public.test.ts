import assert from "node:assert/strict";
import { bucketClosedToPublic as rule } from "../../../../policies/rules/storage/bucket-closed-to-public.ts";
import { askStack, CLEAN, found, type StackResource, UNKNOWN, unknownAt } from "../../support.ts";

const locks = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const bucket = (name: string, props: object = {}): StackResource => ({
  type: "aws:s3/bucket:Bucket",
  name,
  props: { bucket: name, ...props },
});
const block = (name: string, props: object, from?: StackResource["from"]): StackResource => ({
  type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  name,
  props: { ...locks, ...props },
  ...(from && { from }),
});

describe(rule.name, () => {
  it("is content with a block by the bucket's name, and with a stack without buckets", async () => {
    assert.deepEqual(await askStack(rule, [bucket("photos"), block("lock", { bucket: "photos" })]), CLEAN);
    assert.deepEqual(await askStack(rule, []), CLEAN);
  });

  it("follows the reference while a preview knows no name", async () => {
    const resources = [bucket("photos", { bucket: UNKNOWN }), block("lock", { bucket: UNKNOWN }, { bucket: ["photos"] })];
    assert.deepEqual(await askStack(rule, resources), CLEAN);
  });

  it("finds the bucket that has no block, and no other", async () => {
    assert.deepEqual(
      await askStack(rule, [bucket("photos"), bucket("bills"), block("lock", { bucket: "photos" })]),
      found("bills: the bucket has no BucketPublicAccessBlock; it must have one with all four locks."),
    );
  });

  it("finds each open lock", async () => {
    assert.deepEqual(
      await askStack(rule, [
        bucket("photos"),
        block("lock", { bucket: "photos", blockPublicPolicy: false, restrictPublicBuckets: undefined }),
      ]),
      found(
        'photos: blockPublicPolicy of "lock" is false; it must be true.',
        'photos: restrictPublicBuckets of "lock" is nothing; it must be true.',
      ),
    );
  });

  it("says that it cannot know, and still finds what it knows of other buckets", async () => {
    const resources = [
      bucket("photos"),
      bucket("bills"),
      block("a", { bucket: UNKNOWN, blockPublicAcls: UNKNOWN }, { bucket: ["photos"] }),
    ];
    assert.deepEqual(
      await askStack(rule, resources),
      unknownAt("blockPublicAcls", "bills: the bucket has no BucketPublicAccessBlock; it must have one with all four locks."),
    );
    assert.deepEqual(await askStack(rule, [bucket("photos"), block("a", { bucket: UNKNOWN })]), unknownAt("bucket"));
  });
});
