import { CloudError, type Reference, type ResourceDefinition } from "../../core/definition.ts";
import type { Cloud } from "../../core/cloud.ts";
import { text, type Props } from "../../core/values.ts";
import { BUCKET, requireBucket } from "./buckets.ts";

/** The reference every configuration of a bucket has; deleting a bucket takes its configurations along, so it holds nothing back. */
export const toBucket: Reference = {
  path: "bucket",
  to: BUCKET,
  by: ["id", "bucket"],
  missing: () => new CloudError("NoSuchBucket", "The specified bucket does not exist", 404),
};

/** What every configuration of a bucket has in common: its id is the bucket's name, and the bucket must exist. */
export function bucketConfiguration(
  definition: Pick<ResourceDefinition, "type" | "replaceOn"> &
    Partial<ResourceDefinition> & {
      readonly check?: (inputs: Props, cloud: Cloud) => void;
      readonly computed?: (inputs: Props) => Props;
    },
): ResourceDefinition {
  const { check, computed, references = [], ...rest } = definition;
  return {
    ...rest,
    references: [toBucket, ...references],
    create: ({ cloud, inputs }) => {
      const bucket = requireBucket(cloud, text(inputs, "bucket"));
      check?.(inputs, cloud);
      const owner = text(inputs, "expectedBucketOwner");
      if (owner !== "" && owner !== cloud.account) throw new CloudError("AccessDenied", "Access Denied", 403);
      return {
        id: owner === "" ? bucket.id : `${bucket.id},${owner}`,
        outputs: { region: bucket.region, ...computed?.(inputs) },
      };
    },
    update: ({ cloud, inputs }, before) => {
      check?.(inputs, cloud);
      return { ...before.outputs, ...inputs, ...computed?.(inputs) };
    },
  };
}
