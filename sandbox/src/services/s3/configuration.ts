import { CloudError, type Operation, type Reference, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { BUCKET, requireBucket } from "./buckets.ts";

/** The reference every configuration of a bucket has; deleting a bucket takes its configurations along, so it holds nothing back. */
export const toBucket: Reference = {
  path: "bucket",
  to: BUCKET,
  by: ["id", "bucket"],
  missing: () => new CloudError("NoSuchBucket", "The specified bucket does not exist", 404),
};

/** What one kind of configuration says beyond what all have in common. */
export type BucketConfiguration = Pick<ResourceDefinition, "type" | "replaceOn"> &
  Partial<Omit<ResourceDefinition, "create" | "update">> & {
    /** Refuses (throws {@link CloudError}) what only the service can refuse; `before` is absent when it is made. */
    readonly check?: (operation: Operation, before?: Resource) => void;
  };

/** What every configuration of a bucket has in common: its id is the bucket's name, and the bucket must exist and be the account's. */
export function bucketConfiguration({ check, references = [], ...rest }: BucketConfiguration): ResourceDefinition {
  return {
    ...rest,
    references: [toBucket, ...references],
    create: (operation) => {
      const { cloud, inputs } = operation;
      const bucket = requireBucket(cloud, text(inputs, "bucket"));
      const owner = text(inputs, "expectedBucketOwner");
      if (owner !== "" && owner !== cloud.account) throw new CloudError("AccessDenied", "Access Denied", 403);
      check?.(operation);
      const id = owner === "" ? bucket.id : `${bucket.id},${owner}`;
      // What a call of the API put there is written over, as the service does.
      const unasked = cloud.world.get(rest.type, id, bucket.region);
      if (unasked?.urn === "") cloud.world.drop(unasked);
      return { id, outputs: { region: bucket.region } };
    },
    update: (operation, before): Props => {
      check?.(operation, before);
      return {};
    },
  };
}
