import type { Value } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import { oneOf } from "../limits.ts";
import { ENCRYPTION, object } from "./buckets.ts";
import { bucketConfiguration } from "./configuration.ts";

/** The ways S3 encrypts what is at rest. */
export const ENCRYPTIONS = ["AES256", "aws:kms", "aws:kms:dsse"];

/** How a bucket encrypts new objects. The sandbox asks IAM and the key's policy as S3 does; the files on this machine are not encrypted. */
export const bucketServerSideEncryptionConfiguration = bucketConfiguration({
  type: ENCRYPTION,
  replaceOn: ["bucket", "expectedBucketOwner"],
  limits: {
    "rules[].applyServerSideEncryptionByDefault.sseAlgorithm": oneOf(...ENCRYPTIONS),
    "rules[].applyServerSideEncryptionByDefault": keyOnlyWithKms,
  },
});

function keyOnlyWithKms(value: Value): string | undefined {
  const chosen = object(value);
  const misplaced = text(chosen, "sseAlgorithm") === "AES256" && text(chosen, "kmsMasterKeyId") !== "";
  return misplaced ? "a kmsMasterKeyId is not applicable if sseAlgorithm is not aws:kms or aws:kms:dsse" : undefined;
}
