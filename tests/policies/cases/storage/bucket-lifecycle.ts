import rule from "../../../../policies/rules/storage/bucket-lifecycle.ts";
import { BUCKET, companion, withOlderName } from "../../support/buckets.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const LIFECYCLE = companion("BucketLifecycleConfiguration");
const says = "assets: the bucket has no lifecycle rule that is enabled; it must have one.";

export default casesOf(
  rule,
  withOlderName({
    passes: {
      "a bucket with a rule": {
        given: { assets: [BUCKET, {}], old: [LIFECYCLE, { bucket: ref("assets"), rules: [{ status: "Enabled" }] }] },
      },
      "a rule that is written into the bucket itself": { given: { assets: [BUCKET, { lifecycleRules: [{ enabled: true }] }] } },
    },
    fails: {
      "a bucket without a rule": { given: { assets: [BUCKET, {}] }, says },
      "a bucket whose rule is off": {
        given: { assets: [BUCKET, {}], old: [LIFECYCLE, { bucket: ref("assets"), rules: [{ status: "Disabled" }] }] },
        says,
      },
      "a lifecycle without rules": {
        given: { assets: [BUCKET, {}], old: [LIFECYCLE, { bucket: ref("assets"), rules: [] }] },
        says,
      },
    },
    unknown: {
      "rules that are not known": {
        given: { assets: [BUCKET, {}], old: [LIFECYCLE, { bucket: ref("assets"), rules: UNKNOWN }] },
        open: "assets: rules",
      },
    },
  }),
);
