import { ClusterInstance } from "@pulumi/aws/rds/clusterInstance.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags.ts";

/** What an instance of an Aurora cluster is made from. */
export interface AuroraInstanceArgs {
  /** The name by which AWS knows it, unique in the region. */
  readonly identifier: string;
  readonly clusterIdentifier: pulumi.Input<string>;
  readonly version: string;
  readonly parameterGroupName: pulumi.Input<string>;
  /** ARN of the KMS key of Performance Insights. */
  readonly keyArn: pulumi.Input<string>;
  /** @default - AWS chooses */
  readonly zone?: pulumi.Input<string>;
  /** 0 to 15, who becomes the writer first. @default 0 */
  readonly promotionTier?: number;
  readonly tags: Tags;
}

/** A serverless instance of an Aurora cluster, writer or reader: the first is the writer. */
export function auroraInstance(name: string, args: AuroraInstanceArgs, opts: pulumi.CustomResourceOptions): ClusterInstance {
  const { clusterIdentifier, identifier, keyArn, parameterGroupName, promotionTier, tags, version, zone } = args;
  return new ClusterInstance(
    name,
    {
      identifier,
      clusterIdentifier,
      engine: "aurora-postgresql",
      engineVersion: version,
      instanceClass: "db.serverless",
      dbParameterGroupName: parameterGroupName,
      publiclyAccessible: false,
      // The version moves by a change in this repository, tested first; not by itself in the night.
      autoMinorVersionUpgrade: false,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      copyTagsToSnapshot: true,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: keyArn,
      performanceInsightsRetentionPeriod: 7,
      ...(zone !== undefined && { availabilityZone: zone }),
      ...(promotionTier !== undefined && { promotionTier }),
      tags,
    },
    opts,
  );
}
