import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { ENCRYPTION, object } from "./buckets.ts";
import { bucketConfiguration } from "./configuration.ts";

/** How a bucket encrypts new objects. The sandbox asks IAM and the key's policy as S3 does; the files on this machine are not encrypted. */
export const bucketServerSideEncryptionConfiguration = bucketConfiguration({
  type: ENCRYPTION,
  replaceOn: ["bucket", "expectedBucketOwner"],
  check: (inputs) => {
    for (const rule of Array.isArray(inputs["rules"]) ? inputs["rules"] : []) {
      const chosen = object(object(rule)["applyServerSideEncryptionByDefault"]);
      const algorithm = text(chosen, "sseAlgorithm");
      if (algorithm !== "" && !["AES256", "aws:kms", "aws:kms:dsse"].includes(algorithm)) {
        throw new CloudError(
          "MalformedXML",
          `expected sseAlgorithm to be one of ["AES256" "aws:kms" "aws:kms:dsse"], got ${algorithm}`,
        );
      }
      if (algorithm === "AES256" && text(chosen, "kmsMasterKeyId") !== "") {
        throw new CloudError("InvalidArgument", "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms");
      }
    }
  },
});
