import type { Check } from "../../framework/check.ts";
import type { ResourceWith } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** What makes up nearly all of a bill. */
const PAID = [
  "aws:cloudfront/distribution:Distribution",
  "aws:dynamodb/table:Table",
  "aws:ebs/volume:Volume",
  "aws:ec2/instance:Instance",
  "aws:ec2/natGateway:NatGateway",
  "aws:efs/fileSystem:FileSystem",
  "aws:eks/cluster:Cluster",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:lambda/function:Function",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:opensearch/domain:Domain",
  "aws:rds/cluster:Cluster",
  "aws:rds/clusterInstance:ClusterInstance",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
] as const;

export default rule({
  id: "resource-tagged",
  title: "What costs money carries the tags by which the bill is read",
  severity: "low",
  description: "What has no tags belongs to nobody: its cost cannot be told apart, and nobody dares to remove it.",
  remediation: "Add the tags, or set defaultTags of the provider, which puts them on every resource.",
  controls: { wellArchitected: ["COST02", "COST03"] },
  config: {
    keys: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Keys of tags that each of these resources must carry; without any, it must carry some tag.",
    },
  },
  resources: Object.fromEntries(PAID.map((type) => [type, judge])),
});

function judge(resource: ResourceWith<unknown>, { config, fail }: Check<{ readonly keys: readonly string[] }>): void {
  const tags = resource.as<{ readonly tags?: Readonly<Record<string, string>> }>().at("tags");
  const missing = config.keys.filter((key) => !tags.at(key).isSet);
  if (missing.length > 0) fail(tags, `the tags ${missing.join(", ")} are missing`, "the resource must carry them");
  else if (!tags.isSet) fail(tags, "the resource has no tags", "it must have some");
}
