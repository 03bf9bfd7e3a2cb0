import rule from "../../../../policies/rules/storage/bucket-encrypted-with-own-key.ts";
import { BUCKET, companion, withOlderName } from "../../support/buckets.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const ENCRYPTION = companion("BucketServerSideEncryptionConfiguration");
const by = (sseAlgorithm: unknown): object => ({ applyServerSideEncryptionByDefault: { sseAlgorithm } });
const wanted = 'it must be one of "aws:kms", "aws:kms:dsse".';

export default casesOf(
  rule,
  withOlderName({
    passes: {
      "a bucket with a key of its own": {
        given: { assets: [BUCKET, {}], key: [ENCRYPTION, { bucket: ref("assets"), rules: [by("aws:kms")] }] },
      },
      "a key that is written into the bucket itself": {
        given: { assets: [BUCKET, { serverSideEncryptionConfiguration: { rule: by("aws:kms:dsse") } }] },
      },
    },
    fails: {
      "a bucket that says nothing of it": {
        given: { assets: [BUCKET, {}] },
        says: 'assets: the bucket says nothing of its encryption, so S3 uses a key of its own; it must encrypt with "aws:kms".',
      },
      "a bucket with the key of S3": {
        given: { assets: [BUCKET, {}], key: [ENCRYPTION, { bucket: ref("assets"), rules: [by("AES256")] }] },
        says: `assets: rules[0].applyServerSideEncryptionByDefault.sseAlgorithm is "AES256"; ${wanted}`,
      },
      "the key of S3 in the bucket itself": {
        given: { assets: [BUCKET, { serverSideEncryptionConfiguration: { rule: by("AES256") } }] },
        says: `assets: serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault.sseAlgorithm is "AES256"; ${wanted}`,
      },
    },
    unknown: {
      "an algorithm that is chosen later": {
        given: { assets: [BUCKET, {}], key: [ENCRYPTION, { bucket: ref("assets"), rules: [by(UNKNOWN)] }] },
        open: "assets: rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
      },
    },
  }),
);
