import type { InstanceArgs as ServerArgs } from "@pulumi/aws/ec2/instance.js";
import type { LaunchTemplateArgs } from "@pulumi/aws/ec2/launchTemplate.js";
import type { ReplicationGroupArgs } from "@pulumi/aws/elasticache/replicationGroup.js";
import type { ClusterArgs } from "@pulumi/aws/rds/cluster.js";
import type { ClusterInstanceArgs } from "@pulumi/aws/rds/clusterInstance.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { Check } from "../../framework/check.ts";
import { beAtMost } from "../../framework/matchers.ts";
import type { Property } from "../../framework/property.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** From small to large; each of the later ones doubles the one before, or nearly (Amazon EC2 Instance Types). */
const SIZES = ["nano", "micro", "small", "medium", "large", "xlarge"];

interface Envelope {
  readonly largest: string;
  readonly mostAcu: number;
}

export default rule({
  id: "size-in-envelope",
  title: "No server, database or cache is larger than the stage allows",
  severity: "medium",
  description: "One more word in an instance type doubles a bill each time; it is found at the end of the month.",
  remediation: "Choose a smaller size, or raise the setting largest or mostAcu together with the budget.",
  controls: { wellArchitected: ["COST02", "COST06"] },
  config: {
    largest: {
      type: "string",
      default: "4xlarge",
      description: "The largest size of an instance, such as `large` or `4xlarge`.",
    },
    mostAcu: {
      type: "number",
      default: 64,
      minimum: 0.5,
      maximum: 256,
      description: "The most capacity units of a database of Aurora Serverless v2.",
    },
  },
  resources: {
    "aws:ec2/instance:Instance": (server: Resource<ServerArgs>, check) => judge(server.at("instanceType"), check),
    "aws:ec2/launchTemplate:LaunchTemplate": (template: Resource<LaunchTemplateArgs>, check) =>
      judge(template.at("instanceType"), check),
    "aws:rds/instance:Instance": (database: Resource<InstanceArgs>, check) => judge(database.at("instanceClass"), check),
    "aws:rds/clusterInstance:ClusterInstance": (member: Resource<ClusterInstanceArgs>, check) =>
      judge(member.at("instanceClass"), check),
    "aws:elasticache/replicationGroup:ReplicationGroup": (group: Resource<ReplicationGroupArgs>, check) =>
      judge(group.at("nodeType"), check),
    "aws:rds/cluster:Cluster": (cluster: Resource<ClusterArgs>, { config, must }) => {
      const range = cluster.at("serverlessv2ScalingConfiguration");
      if (range.isSet) must(range.at("maxCapacity"), beAtMost(config.mostAcu, "capacity units"));
    },
  },
});

function judge(type: Property<string>, { config, fail }: Check<Envelope>): void {
  const size = (type.value ?? "").split(".").at(-1) ?? "";
  if (sizeOf(size) > sizeOf(config.largest)) fail(type, `${type.path} is ${type.shown}`, `it must be at most ${config.largest}`);
}

/** How large a size is, in units of `xlarge`; a word that is no size counts as nothing. */
function sizeOf(size: string): number {
  if (size.startsWith("metal")) return Infinity;
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  if (times !== undefined) return Number(times);
  const at = SIZES.indexOf(size);
  return at === -1 ? 0 : 2 ** (at - (SIZES.length - 1));
}
