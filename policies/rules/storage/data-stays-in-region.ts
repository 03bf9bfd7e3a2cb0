import type { PlanArgs } from "@pulumi/aws/backup/plan.js";
import type { TableArgs } from "@pulumi/aws/dynamodb/table.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { InstanceAutomatedBackupsReplicationArgs } from "@pulumi/aws/rds/instanceAutomatedBackupsReplication.js";
import type { BucketArgs } from "@pulumi/aws/s3/bucket.js";
import type { BucketReplicationConfigArgs } from "@pulumi/aws/s3/bucketReplicationConfig.js";
import type { SecretArgs } from "@pulumi/aws/secretsmanager/secret.js";
import type { Check } from "../../framework/check.ts";
import type { Property } from "../../framework/property.ts";
import type { Resource, ResourceWith } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const INSTANCE = "aws:rds/instance:Instance";
const BACKUPS = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";

export default rule({
  id: "data-stays-in-region",
  title: "Data that must stay in a region has no copy outside it",
  severity: "critical",
  description: "One replica, one copied backup or one replicated bucket takes the data of all users into another jurisdiction.",
  remediation: "Copy within the regions that the tag names, or name the other region in the tag once that is allowed.",
  controls: { wellArchitected: ["SEC07", "REL13"] },
  config: {
    tag: {
      type: "string",
      default: "residency",
      description: "The tag that names the regions in which the data of a resource may be, with spaces between them.",
    },
  },
  inStack: {
    "aws:dynamodb/table:Table": (table: Resource<TableArgs>, check) => {
      check.each(table.at("replicas"), (replica) => staysWith(table, check, replica.at("regionName")));
    },
    "aws:secretsmanager/secret:Secret": (secret: Resource<SecretArgs>, check) => {
      check.each(secret.at("replicas"), (replica) => staysWith(secret, check, replica.at("region")));
    },
    "aws:backup/plan:Plan": (plan: Resource<PlanArgs>, check) => {
      check.each(plan.at("rules"), (each) =>
        check.each(each.at("copyActions"), (copy) => staysWith(plan, check, copy.at("destinationVaultArn"))),
      );
    },
    [INSTANCE]: (instance: Resource<InstanceArgs>, check, stack) => {
      if (residencyOf(instance, check).length === 0) return;
      const replicas = stack.linked<InstanceArgs>(INSTANCE, "replicateSourceDb", instance);
      const backups = stack.linked<InstanceAutomatedBackupsReplicationArgs>(BACKUPS, "sourceDbInstanceArn", instance);
      for (const replica of replicas) staysWith(instance, check, replica.named.at("region"));
      for (const backup of backups) staysWith(instance, check, backup.named.at("region"));
    },
    [BUCKET]: (bucket: Resource<BucketArgs>, check, stack) => {
      if (residencyOf(bucket, check).length === 0) return;
      const token = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
      for (const replication of stack.linked<BucketReplicationConfigArgs>(token, "bucket", bucket))
        for (const copy of stack.namedBy<BucketArgs>(replication, "rules", BUCKET))
          if (copy.urn !== bucket.urn) staysWith(bucket, check, copy.named.at("region"));
    },
  },
});

interface Config {
  readonly tag: string;
}

/** The regions in which the data may be; none when it may be anywhere. */
function residencyOf(resource: ResourceWith<unknown>, { config }: Check<Config>): readonly string[] {
  const tags = resource.as<{ readonly tags?: Readonly<Record<string, string>> }>().at("tags");
  return (tags.at(config.tag).value ?? "").split(/\s+/).filter((region) => region !== "");
}

/** @param place the region of a copy, or an ARN that holds it. Left out, it is the region of the original */
function staysWith(resource: ResourceWith<unknown>, check: Check<Config>, place: Property<string>): void {
  check.apart(() => {
    const allowed = residencyOf(resource, check);
    if (allowed.length === 0 || place.value === undefined) return;
    const region = place.value.startsWith("arn:") ? place.value.split(":")[3] : place.value;
    if (region === undefined || !allowed.includes(region))
      check.fail(place, `${place.path} is ${place.shown}`, `the data must stay in ${allowed.join(" ")}`);
  });
}
