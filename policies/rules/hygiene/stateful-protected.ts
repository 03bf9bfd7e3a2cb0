import type { ResourceWith } from "../../framework/resource.ts";
import type { Check } from "../../framework/check.ts";
import { rule } from "../../framework/rule.ts";
import { skipThrowawayStacks, throwawayStacks } from "../../shared/throwaway.ts";

/** Resources whose replacement loses data, or names that others know them by. */
const STATEFUL = [
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
  "aws:dynamodb/table:Table",
  "aws:docdb/cluster:Cluster",
  "aws:neptune/cluster:Cluster",
  "aws:opensearch/domain:Domain",
  "aws:efs/fileSystem:FileSystem",
  "aws:s3/bucket:Bucket",
  "aws:kms/key:Key",
  "aws:backup/vault:Vault",
  "aws:cognito/userPool:UserPool",
  "aws:route53/zone:Zone",
] as const;

export default rule({
  id: "stateful-protected",
  title: "Pulumi refuses to delete what holds data",
  severity: "medium",
  description:
    "A renamed resource, a removed line or a changed parent deletes what it no longer finds. With protect, Pulumi stops and asks first.",
  remediation: "Give the resource, or the component that it belongs to, the option protect: true.",
  controls: { wellArchitected: ["REL08", "REL09"] },
  level: "advisory",
  config: throwawayStacks,
  resources: Object.fromEntries(STATEFUL.map((type) => [type, kept])),
});

function kept(resource: ResourceWith<unknown>, check: Check<{ readonly throwawayStacks: readonly string[] }>): void {
  skipThrowawayStacks(resource, check);
  if (!resource.protect) check.fail(resource, "the resource is not protected", "it must have the option protect: true");
}
