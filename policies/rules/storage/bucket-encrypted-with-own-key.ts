import type { BucketServerSideEncryptionConfigurationArgs } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { beOneOf } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { companions, ofBuckets } from "../../shared/buckets.ts";

export default rule({
  id: "bucket-encrypted-with-own-key",
  title: "A bucket encrypts with a key whose use can be granted, seen and withdrawn",
  severity: "medium",
  description:
    "S3 encrypts everything, but with a key of its own that anyone uses who may read the object. With a KMS key, reading takes a second permission, and every use is logged.",
  remediation:
    'Add an aws.s3.BucketServerSideEncryptionConfiguration with sseAlgorithm "aws:kms" and your key, and bucketKeyEnabled true to keep the cost of requests down.',
  controls: { securityHub: ["S3.17"], pci4: ["3.5.1"], wellArchitected: ["SEC08"] },
  level: "advisory",
  inStack: ofBuckets((bucket, { each, fail, must }, stack) => {
    const [own] = companions<BucketServerSideEncryptionConfigurationArgs>(
      stack,
      bucket,
      "BucketServerSideEncryptionConfiguration",
    );
    const inline = bucket.at("serverSideEncryptionConfiguration", "rule");
    const rules = own?.at("rules");
    const algorithm = beOneOf("aws:kms", "aws:kms:dsse");
    if (rules?.isSet === true)
      each(rules, (one) => must(one.at("applyServerSideEncryptionByDefault", "sseAlgorithm"), algorithm));
    else if (inline.isSet) must(inline.at("applyServerSideEncryptionByDefault", "sseAlgorithm"), algorithm);
    else fail(bucket, "the bucket says nothing of its encryption, so S3 uses a key of its own", 'it must encrypt with "aws:kms"');
  }),
});
