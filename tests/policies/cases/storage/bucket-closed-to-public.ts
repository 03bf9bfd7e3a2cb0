import rule from "../../../../policies/rules/storage/bucket-closed-to-public.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const locks = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };

export default casesOf(rule, {
  passes: {
    "a bucket with a block of four locks": {
      given: { assets: [BUCKET, {}], closed: [BLOCK, { bucket: ref("assets"), ...locks }] },
    },
    "a bucket under its older name": {
      given: {
        assets: ["aws:s3/bucketV2:BucketV2", {}],
        closed: [BLOCK, { bucket: ref("assets"), ...locks }],
      },
    },
    "a block that names its bucket in plain text": {
      given: { assets: [BUCKET, { bucket: "shop-assets" }], closed: [BLOCK, { bucket: "shop-assets", ...locks }] },
    },
  },
  fails: {
    "a bucket without a block": {
      given: { assets: [BUCKET, {}] },
      says: "assets: the bucket has no BucketPublicAccessBlock; it must have one with all four locks.",
    },
    "a bucket under its older name, without a block": {
      given: { assets: ["aws:s3/bucketV2:BucketV2", {}] },
      says: "assets: the bucket has no BucketPublicAccessBlock; it must have one with all four locks.",
    },
    "a block with one lock open and one forgotten": {
      given: {
        assets: [BUCKET, {}],
        closed: [BLOCK, { bucket: ref("assets"), blockPublicAcls: true, blockPublicPolicy: false, ignorePublicAcls: true }],
      },
      says: [
        "assets: blockPublicPolicy is false; it must be true.",
        "assets: restrictPublicBuckets is nothing; it must be true.",
      ],
    },
    "the block of another bucket": {
      given: { assets: [BUCKET, {}], logs: [BUCKET, {}], closed: [BLOCK, { bucket: ref("logs"), ...locks }] },
      says: "assets: the bucket has no BucketPublicAccessBlock; it must have one with all four locks.",
    },
  },
  unknown: {
    "a lock that is decided later": {
      given: { assets: [BUCKET, {}], closed: [BLOCK, { ...locks, bucket: ref("assets"), blockPublicAcls: UNKNOWN }] },
      open: "assets: blockPublicAcls",
    },
    "a block of which nobody knows whose it is": {
      given: { assets: [BUCKET, {}], closed: [BLOCK, { ...locks, bucket: UNKNOWN }] },
      open: "assets: closed.bucket",
    },
  },
});
