import rule from "../../../../policies/rules/storage/bucket-old-versions-expire.ts";
import { BUCKET, companion, withOlderName } from "../../support/buckets.ts";
import { casesOf, ref, UNKNOWN, type FixtureResource } from "../../support/cases.ts";

const LIFECYCLE = companion("BucketLifecycleConfiguration");
const versions: FixtureResource = [
  companion("BucketVersioning"),
  { bucket: ref("assets"), versioningConfiguration: { status: "Enabled" } },
];
const expiring = { status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 30 } };
const says = "assets: no lifecycle rule of the bucket has a noncurrentVersionExpiration; one must.";
const NO_VERSIONS = "a bucket without versions has no old ones";

export default casesOf(
  rule,
  withOlderName({
    passes: {
      "a bucket whose old versions go after a month": {
        given: { assets: [BUCKET, {}], versions, old: [LIFECYCLE, { bucket: ref("assets"), rules: [expiring] }] },
      },
      "both written into the bucket itself": {
        given: {
          assets: [
            BUCKET,
            { versioning: { enabled: true }, lifecycleRules: [{ enabled: true, noncurrentVersionExpiration: { days: 30 } }] },
          ],
        },
      },
    },
    fails: {
      "a bucket that keeps every version": { given: { assets: [BUCKET, {}], versions }, says },
      "a rule about other things, and one that is off": {
        given: {
          assets: [BUCKET, {}],
          versions,
          old: [LIFECYCLE, { bucket: ref("assets"), rules: [{ status: "Enabled" }, { ...expiring, status: "Disabled" }] }],
        },
        says,
      },
    },
    unknown: {
      "versions of which it is decided later": {
        given: {
          assets: [BUCKET, {}],
          versions: [versions[0], { bucket: ref("assets"), versioningConfiguration: { status: UNKNOWN } }],
        },
        open: "assets: versioningConfiguration.status",
      },
    },
    skips: { "a bucket without versions": { given: { assets: [BUCKET, {}] }, because: "the bucket keeps no versions" } },
    survives: {
      "versions: *": NO_VERSIONS,
      "assets: versioning*": NO_VERSIONS,
      "*oncurrentVersionExpiration.*": "any number of days is a number of days",
    },
  }),
);
