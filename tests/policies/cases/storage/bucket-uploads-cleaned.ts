import rule from "../../../../policies/rules/storage/bucket-uploads-cleaned.ts";
import { BUCKET, companion, withOlderName } from "../../support/buckets.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const LIFECYCLE = companion("BucketLifecycleConfiguration");
const cleaning = { status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } };
const says = "assets: no lifecycle rule of the bucket has an abortIncompleteMultipartUpload; one must.";

export default casesOf(
  rule,
  withOlderName({
    passes: {
      "a bucket that throws them away after a week": {
        given: { assets: [BUCKET, {}], old: [LIFECYCLE, { bucket: ref("assets"), rules: [cleaning] }] },
      },
      "a rule that is written into the bucket itself": {
        given: { assets: [BUCKET, { lifecycleRules: [{ enabled: true, abortIncompleteMultipartUploadDays: 7 }] }] },
      },
    },
    fails: {
      "a bucket without a rule": { given: { assets: [BUCKET, {}] }, says },
      "a bucket whose rule is off": {
        given: {
          assets: [BUCKET, {}],
          old: [LIFECYCLE, { bucket: ref("assets"), rules: [{ ...cleaning, status: "Disabled" }] }],
        },
        says,
      },
    },
    unknown: {
      "a rule that is made later": {
        given: { assets: [BUCKET, {}], old: [LIFECYCLE, { bucket: ref("assets"), rules: [{ ...cleaning, status: UNKNOWN }] }] },
        open: "assets: rules[0].status",
      },
    },
    survives: {
      "*daysAfterInitiation: *": "any number of days is a number of days",
      "*abortIncompleteMultipartUploadDays: another number": "any number of days is a number of days",
    },
  }),
);
