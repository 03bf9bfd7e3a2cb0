import type { ClusterArgs as DocumentArgs } from "@pulumi/aws/docdb/cluster.js";
import type { ReplicationGroupArgs } from "@pulumi/aws/elasticache/replicationGroup.js";
import type { DomainArgs } from "@pulumi/aws/opensearch/domain.js";
import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Check } from "../../framework/check.ts";
import type { Property } from "../../framework/property.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { isAtLeast } from "../../shared/versions.ts";

/** In standard support in November 2026, by the release calendars of RDS, Aurora, DocumentDB and ElastiCache. */
const LEAST = [
  ...["aurora-mysql 8.0", "aurora-postgresql 14", "mariadb 10.11", "mysql 8.4", "postgres 14"],
  ...["docdb 4.0", "redis 6.0", "valkey 7.2"],
];

/** Out of standard support since 2025-11-07 (Amazon OpenSearch Service Developer Guide, "Standard support and extended support"). */
const OLD_SEARCH = /^(?:Elasticsearch_(?!7\.10)|OpenSearch_(?:1\.[0-2]|2\.[3579])$)/;

interface Settings {
  readonly leastVersions: readonly string[];
}

export default rule({
  id: "engine-in-support",
  title: "The engine of a database or a cache is in standard support",
  severity: "high",
  description:
    "Past standard support an engine costs a surcharge for each vCPU an hour, and in the end AWS upgrades it on a day of its own choice.",
  remediation: "Raise engineVersion; try the upgrade on a copy of the data first.",
  controls: { pci4: ["6.3.3"], wellArchitected: ["OPS05", "SEC06"] },
  config: {
    leastVersions: {
      type: "array",
      items: { type: "string" },
      default: LEAST,
      description: "The oldest version in standard support of each engine, such as `postgres 14`.",
    },
  },
  resources: {
    "aws:rds/cluster:Cluster": (cluster: Resource<ClusterArgs>, check) => {
      judge(cluster.at("engine").value, cluster.at("engineVersion"), check);
    },
    "aws:rds/instance:Instance": (instance: Resource<InstanceArgs>, check) => {
      judge(instance.at("engine").value, instance.at("engineVersion"), check);
    },
    "aws:docdb/cluster:Cluster": (cluster: Resource<DocumentArgs>, check) => {
      judge("docdb", cluster.at("engineVersion"), check);
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": (group: Resource<ReplicationGroupArgs>, check) => {
      judge(group.at("engine").value ?? "redis", group.at("engineVersion"), check);
    },
    "aws:opensearch/domain:Domain": (domain: Resource<DomainArgs>, { fail }) => {
      const version = domain.at("engineVersion");
      if (OLD_SEARCH.test(version.value ?? ""))
        fail(version, `engineVersion is ${version.shown}`, "it must be a version in standard support");
    },
  },
});

/** Left out, the version is the newest at the time when the database is made. */
function judge(engine: string | undefined, version: Property<string>, { config, fail }: Check<Settings>): void {
  const [, least] = config.leastVersions.map((each) => each.split(" ")).find(([name]) => name === engine) ?? [];
  if (least !== undefined && version.value !== undefined && !isAtLeast(version.value, least))
    fail(version, `${version.path} is ${version.shown}`, `it must be at least ${least} for ${engine ?? ""}`);
}
