import rule from "../../../../policies/rules/storage/bucket-access-logged.ts";
import { BUCKET, companion, withOlderName } from "../../support/buckets.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const LOGGING = companion("BucketLogging");
const says = "assets: the bucket has no BucketLogging; its access must be logged.";

export default casesOf(
  rule,
  withOlderName({
    passes: {
      "a bucket whose access another bucket logs": {
        given: {
          assets: [BUCKET, {}],
          logs: [BUCKET, {}],
          logging: [LOGGING, { bucket: ref("assets"), targetBucket: ref("logs"), targetPrefix: "assets/" }],
        },
      },
      "logging that is written into the bucket itself": { given: { assets: [BUCKET, { logging: { targetBucket: "logs" } }] } },
    },
    fails: {
      "a bucket that nobody watches": { given: { assets: [BUCKET, {}] }, says },
      "an empty setting in the bucket itself": { given: { assets: [BUCKET, { logging: {} }] }, says },
    },
    unknown: {
      "logging of which nobody knows whose it is": {
        given: { assets: [BUCKET, {}], logging: [LOGGING, { bucket: UNKNOWN, targetBucket: "logs" }] },
        open: "assets: logging.bucket",
      },
    },
    survives: {
      "*targetPrefix: *": "logs may lie anywhere",
      "assets: logging.targetBucket: *": "AWS refuses logging without a target",
    },
  }),
);
