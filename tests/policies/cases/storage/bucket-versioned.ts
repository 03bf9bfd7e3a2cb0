import rule from "../../../../policies/rules/storage/bucket-versioned.ts";
import { BUCKET, companion, withOlderName } from "../../support/buckets.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const VERSIONING = companion("BucketVersioning");
const LOGGING = companion("BucketLogging");
const status = (status: unknown): object => ({ versioningConfiguration: { status } });

export default casesOf(
  rule,
  withOlderName({
    passes: {
      "a bucket with versions": {
        given: { assets: [BUCKET, {}], versions: [VERSIONING, { bucket: ref("assets"), ...status("Enabled") }] },
      },
      "versions that are written into the bucket itself": { given: { assets: [BUCKET, { versioning: { enabled: true } }] } },
      "a bucket for logs, which nobody writes over": {
        given: {
          assets: [BUCKET, { versioning: { enabled: true } }],
          logs: [BUCKET, {}],
          logging: [LOGGING, { bucket: ref("assets"), targetBucket: ref("logs") }],
        },
      },
    },
    fails: {
      "a bucket without versions": {
        given: { assets: [BUCKET, {}] },
        says: 'assets: the bucket has no BucketVersioning; it must have one with the status "Enabled".',
      },
      "a bucket whose versions are suspended": {
        given: { assets: [BUCKET, {}], versions: [VERSIONING, { bucket: ref("assets"), ...status("Suspended") }] },
        says: 'assets: versioningConfiguration.status is "Suspended"; it must be "Enabled".',
      },
      "versions switched off in the bucket itself": {
        given: { assets: [BUCKET, { versioning: { enabled: false } }] },
        says: "assets: versioning.enabled is false; it must be true.",
      },
    },
    unknown: {
      "a status that is decided later": {
        given: { assets: [BUCKET, {}], versions: [VERSIONING, { bucket: ref("assets"), ...status(UNKNOWN) }] },
        open: "assets: versioningConfiguration.status",
      },
    },
    skips: {
      "the sandbox": { given: { assets: [BUCKET, {}] }, stack: "sandbox", because: 'the data of stack "sandbox" may be lost' },
    },
    survives: { "logging: bucket: *": "logs of any bucket are logs" },
  }),
);
