import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { parsePolicy } from "../iam/policy-document.ts";
import { BUCKET_POLICY } from "./buckets.ts";
import { bucketConfiguration } from "./configuration.ts";
import { refusePublicPolicy } from "./public-access.ts";

/** Who else may do what with a bucket, and who may not. */
export const bucketPolicy = bucketConfiguration({
  type: BUCKET_POLICY,
  replaceOn: ["bucket"],
  check: (inputs, cloud) => {
    const own = `arn:aws:s3:::${text(inputs, "bucket")}`;
    const statements = parsePolicy(text(inputs, "policy"), "resource", "MalformedPolicy");
    for (const { resources = [] } of statements) {
      const foreign = resources.find(
        (resource) => resource !== own && !resource.startsWith(`${own}/`) && !resource.startsWith(`${own}*`) && resource !== "*",
      );
      if (foreign !== undefined)
        throw new CloudError(
          "MalformedPolicy",
          `Policy has invalid resource: ${foreign} is not the bucket ${own} or something in it`,
        );
    }
    refusePublicPolicy(cloud, text(inputs, "bucket"), statements);
  },
});
