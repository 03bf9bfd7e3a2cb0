import rule from "../../../../policies/rules/hygiene/class-current.ts";
import { ask } from "../../support/ask.ts";
import { casesOf, forEach } from "../../support/cases.ts";

const TYPES = [...rule.checks.keys()];

export default casesOf(rule, {
  passes: forEach(TYPES, "a %s that the project knows it has to leave", (type) => ({
    given: [type, {}],
    config: { stillUsed: TYPES },
  })),
  fails: {
    "a bucket under its older name": {
      given: ["aws:s3/bucketV2:BucketV2", {}],
      says: "aws:s3/bucketV2:BucketV2 is deprecated; use aws.s3.Bucket in its place.",
    },
    "a load balancer under its older name": {
      given: ["aws:alb/loadBalancer:LoadBalancer", {}],
      says: "aws:alb/loadBalancer:LoadBalancer is deprecated; use aws.lb.LoadBalancer in its place.",
    },
    ...forEach(TYPES, "a %s", (type) => ({ given: [type, {}], says: ask(rule, { given: [type, {}] }).says })),
  },
  unknown: {},
  decidesByType: "a class is deprecated whatever its inputs are",
});
