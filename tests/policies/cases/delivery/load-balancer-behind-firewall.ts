import rule from "../../../../policies/rules/delivery/load-balancer-behind-firewall.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";
import { BALANCER, withOtherName } from "../../support/load-balancers.ts";

const LINK = "aws:wafv2/webAclAssociation:WebAclAssociation";
const says = "entry: the load balancer has no WebAclAssociation; it must have one, as it is public.";

export default casesOf(
  rule,
  withOtherName({
    passes: {
      "a load balancer with a firewall": {
        given: { entry: [BALANCER, {}], guard: [LINK, { resourceArn: ref("entry", "arn"), webAclArn: "arn:aws:wafv2:1" }] },
      },
      "a load balancer that is not public": { given: { entry: [BALANCER, { internal: true }] } },
      "a load balancer for TCP": { given: { entry: [BALANCER, { loadBalancerType: "network" }] } },
    },
    fails: {
      "a load balancer without one": { given: { entry: [BALANCER, {}] }, says },
      "a load balancer beside the firewall of another": {
        given: {
          entry: [BALANCER, { internal: false }],
          guard: [LINK, { resourceArn: "arn:aws:elasticloadbalancing:1", webAclArn: "a" }],
        },
        says,
      },
    },
    unknown: {
      "a firewall of which nobody knows whose it is": {
        given: { entry: [BALANCER, {}], guard: [LINK, { resourceArn: UNKNOWN }] },
        open: "entry: guard.resourceArn",
      },
      "a load balancer that may be public": { given: { entry: [BALANCER, { internal: UNKNOWN }] }, open: "entry: internal" },
    },
    survives: {
      "guard: webAclArn: *": "another firewall is one as well",
      "entry: loadBalancerType: *": "AWS refuses any other kind",
    },
  }),
);
