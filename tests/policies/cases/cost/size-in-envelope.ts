import rule from "../../../../policies/rules/cost/size-in-envelope.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const SERVER = "aws:ec2/instance:Instance";
const MEMBER = "aws:rds/clusterInstance:ClusterInstance";
const CLUSTER = "aws:rds/cluster:Cluster";
const NO_SIZE = "AWS refuses what is no size";

export default casesOf(rule, {
  passes: {
    "a server of the largest size that is allowed": { given: [SERVER, { instanceType: "m8g.4xlarge" }] },
    "a template of a small one": { given: ["aws:ec2/launchTemplate:LaunchTemplate", { instanceType: "t4g.nano" }] },
    "a database instance": { given: ["aws:rds/instance:Instance", { instanceClass: "db.t4g.medium" }] },
    "a member that is sized by its cluster": { given: [MEMBER, { instanceClass: "db.serverless" }] },
    "a cache": { given: ["aws:elasticache/replicationGroup:ReplicationGroup", { nodeType: "cache.r7g.xlarge" }] },
    "a cluster within its range": { given: [CLUSTER, { serverlessv2ScalingConfiguration: { maxCapacity: 64 } }] },
    "a cluster that is not serverless": { given: [CLUSTER, {}] },
    "a larger server, where that is allowed": {
      given: [SERVER, { instanceType: "m8g.16xlarge" }],
      config: { largest: "16xlarge" },
    },
  },
  fails: {
    "a server that is too large": {
      given: [SERVER, { instanceType: "m8g.8xlarge" }],
      says: 'instanceType is "m8g.8xlarge"; it must be at most 4xlarge.',
    },
    "a whole machine": {
      given: ["aws:ec2/launchTemplate:LaunchTemplate", { instanceType: "m8g.metal-24xl" }],
      says: 'instanceType is "m8g.metal-24xl"; it must be at most 4xlarge.',
    },
    "a database that is too large": {
      given: ["aws:rds/instance:Instance", { instanceClass: "db.r8g.16xlarge" }],
      says: 'instanceClass is "db.r8g.16xlarge"; it must be at most 4xlarge.',
    },
    "a member that is too large for a small stage": {
      given: [MEMBER, { instanceClass: "db.r8g.large" }],
      config: { largest: "medium" },
      says: 'instanceClass is "db.r8g.large"; it must be at most medium.',
    },
    "a cache that is too large": {
      given: ["aws:elasticache/replicationGroup:ReplicationGroup", { nodeType: "cache.r7g.12xlarge" }],
      says: 'nodeType is "cache.r7g.12xlarge"; it must be at most 4xlarge.',
    },
    "a cluster that may grow too far": {
      given: [CLUSTER, { serverlessv2ScalingConfiguration: { maxCapacity: 256 } }],
      says: "serverlessv2ScalingConfiguration.maxCapacity is 256; it must be at most 64 capacity units.",
    },
  },
  unknown: { "a size that is chosen later": { given: [SERVER, { instanceType: UNKNOWN }], open: "instanceType" } },
  survives: {
    "instanceType: *": NO_SIZE,
    "instanceClass: *": NO_SIZE,
    "nodeType: *": NO_SIZE,
    "serverlessv2ScalingConfiguration*: left out": "without a range the cluster is not serverless",
    "serverlessv2ScalingConfiguration: empty": "the provider's types demand a range",
  },
});
