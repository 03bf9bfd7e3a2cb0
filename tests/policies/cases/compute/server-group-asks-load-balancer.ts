import rule from "../../../../policies/rules/compute/server-group-asks-load-balancer.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const GROUP = "aws:autoscaling/group:Group";
const ATTACHMENT = "aws:autoscaling/attachment:Attachment";
const behind = { targetGroupArns: ["arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/web/1"] };
const ALONE = "a group behind no load balancer can ask none";

export default casesOf(rule, {
  passes: {
    "a group that asks": { given: { web: [GROUP, { ...behind, healthCheckType: "ELB" }] } },
    "a group that is attached by a resource of its own": {
      given: {
        web: [GROUP, { healthCheckType: "ELB" }],
        door: [ATTACHMENT, { autoscalingGroupName: ref("web"), lbTargetGroupArn: "arn:web" }],
      },
    },
    "a group behind no load balancer": { given: { workers: [GROUP, { healthCheckType: "EC2" }] }, cannotBreak: ALONE },
  },
  fails: {
    "a group that asks for the machines only": {
      given: { web: [GROUP, { ...behind, healthCheckType: "EC2" }] },
      says: 'web: healthCheckType is "EC2"; it must be "ELB".',
    },
    "a group that says nothing of it": {
      given: { web: [GROUP, { loadBalancers: ["web"] }] },
      says: 'web: healthCheckType is nothing, which means "EC2"; it must be "ELB".',
    },
  },
  unknown: {
    "a group that may be behind one": { given: { web: [GROUP, { targetGroupArns: UNKNOWN }] }, open: "web: targetGroupArns" },
    "a check that is chosen later": {
      given: { web: [GROUP, { ...behind, healthCheckType: UNKNOWN }] },
      open: "web: healthCheckType",
    },
  },
  survives: {
    "web: targetGroupArns*: *": ALONE,
    "door: *": ALONE,
  },
});
