import type { Recorded } from "./record.ts";

/** Types that hold data, and those in which such stand: to replace one is to lose data, or to move everything that hangs on it. */
const STATEFUL = new Set([
  "aws:backup/vault:Vault",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:kms/key:Key",
  "aws:rds/cluster:Cluster",
  "aws:rds/clusterInstance:ClusterInstance",
  "aws:rds/subnetGroup:SubnetGroup",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "random:index/randomPassword:RandomPassword",
]);

/** The part of a URN that a program decides: the types from the outermost parent on, and the name. */
export function identity({ urn }: Recorded): string {
  return urn.split("::").slice(2).join("::");
}

/** The identities of all resources whose loss loses data, sorted. */
export function statefulIdentities(resources: readonly Recorded[]): string[] {
  return resources
    .filter(({ type }) => STATEFUL.has(type))
    .map(identity)
    .sort();
}
