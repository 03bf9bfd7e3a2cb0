import rule from "../../../../policies/rules/delivery/load-balancer-access-logged.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { BALANCER, withOtherName } from "../../support/load-balancers.ts";

const CLASSIC = "aws:elb/loadBalancer:LoadBalancer";
const ELSEWHERE = "another bucket, or one that is not known, holds them as well";

export default casesOf(
  rule,
  withOtherName({
    passes: {
      "a load balancer with logs": { given: [BALANCER, { accessLogs: { enabled: true, bucket: "shop-logs" } }] },
      "a load balancer for TCP, which has no requests": { given: [BALANCER, { loadBalancerType: "network" }] },
      "a classic load balancer with a bucket for logs": { given: [CLASSIC, { accessLogs: { bucket: "shop-logs" } }] },
      "a classic load balancer that turns them on": {
        given: [CLASSIC, { accessLogs: { enabled: true, bucket: "shop-logs" } }],
      },
    },
    fails: {
      "a load balancer with a bucket, and logs off": {
        given: [BALANCER, { accessLogs: { bucket: "shop-logs" } }],
        says: "accessLogs.enabled is nothing; it must be true.",
      },
      "a load balancer that says nothing of them": {
        given: [BALANCER, {}],
        says: "accessLogs.enabled is nothing; it must be true.",
      },
      "a classic load balancer with logs off": {
        given: [CLASSIC, { accessLogs: { enabled: false, bucket: "shop-logs" } }],
        says: "accessLogs.enabled is false; it must be true.",
      },
      "a classic load balancer that says nothing of them": {
        given: [CLASSIC, {}],
        says: "accessLogs.enabled is nothing, which means false; it must be true.",
      },
    },
    unknown: {
      "logs of which it is decided later": {
        given: [BALANCER, { accessLogs: { enabled: UNKNOWN, bucket: "shop-logs" } }],
        open: "accessLogs.enabled",
      },
      "a kind of load balancer that is chosen later": {
        given: [BALANCER, { loadBalancerType: UNKNOWN }],
        open: "loadBalancerType",
      },
    },
    survives: {
      "loadBalancerType: *": "AWS refuses any other kind",
      "accessLogs.bucket: *": ELSEWHERE,
      "accessLogs.enabled: left out": "of a classic one, a bucket is enough",
    },
  }),
);
