import type { InstanceArgs as ServerArgs } from "@pulumi/aws/ec2/instance.js";
import type { LaunchTemplateArgs } from "@pulumi/aws/ec2/launchTemplate.js";
import type { VolumeArgs } from "@pulumi/aws/ebs/volume.js";
import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { ReplicationGroupArgs } from "@pulumi/aws/elasticache/replicationGroup.js";
import type { Check } from "../../framework/check.ts";
import type { Property } from "../../framework/property.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** Previous generations (Amazon EC2 Instance Types, "Previous generation instances"), and those that are their like in RDS and ElastiCache. */
const PREVIOUS = /^(?:db\.|cache\.)?(?:a1|c[1-4]|d2|g[23]|h1|i[23]|m[1-4]|p[23]|r[34]|t[12]|x1e?)\./;
/** Cheaper, and no slower, is the kind after each (Amazon EBS User Guide, "General Purpose SSD volumes"). */
const OLD_DISKS: Readonly<Record<string, string>> = { gp2: "gp3", io1: "io2", standard: "gp3" };

export default rule({
  id: "generation-current",
  title: "Servers, databases, caches and disks are of a generation that is still made",
  severity: "low",
  description: "An older generation costs more for less, and a zone may have none left when a server has to be made again.",
  remediation: "Choose the same size of a later family, such as t4g for t2, and gp3 for gp2.",
  controls: { wellArchitected: ["COST06", "PERF02"] },
  level: "advisory",
  resources: {
    "aws:ec2/instance:Instance": (server: Resource<ServerArgs>, check) => judge(server.at("instanceType"), check),
    "aws:ec2/launchTemplate:LaunchTemplate": (template: Resource<LaunchTemplateArgs>, check) =>
      judge(template.at("instanceType"), check),
    "aws:rds/instance:Instance": (database: Resource<InstanceArgs>, check) => judge(database.at("instanceClass"), check),
    "aws:elasticache/replicationGroup:ReplicationGroup": (group: Resource<ReplicationGroupArgs>, check) =>
      judge(group.at("nodeType"), check),
    "aws:ebs/volume:Volume": (volume: Resource<VolumeArgs>, { fail }) => {
      // Left out, it is gp2 (provider's documentation of aws.ebs.Volume).
      const type = volume.at("type").or("gp2");
      const later = OLD_DISKS[type.value ?? ""];
      if (later !== undefined) fail(type, `type is ${type.shown}`, `it must be of a later kind, such as ${later}`);
    },
  },
});

function judge(type: Property<string>, { fail }: Check<unknown>): void {
  if (PREVIOUS.test(type.value ?? ""))
    fail(type, `${type.path} is ${type.shown}`, "it must be of a generation that is still made");
}
