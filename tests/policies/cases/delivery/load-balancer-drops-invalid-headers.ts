import rule from "../../../../policies/rules/delivery/load-balancer-drops-invalid-headers.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { BALANCER, withOtherName } from "../../support/load-balancers.ts";
import { onCases } from "../../support/switches.ts";

const onOff = onCases(BALANCER, "a load balancer", "dropInvalidHeaderFields");

export default casesOf(
  rule,
  withOtherName({
    ...onOff,
    passes: {
      ...onOff.passes,
      "a load balancer for TCP, which reads no headers": { given: [BALANCER, { loadBalancerType: "network" }] },
    },
    unknown: {
      ...onOff.unknown,
      "a kind of load balancer that is chosen later": {
        given: [BALANCER, { loadBalancerType: UNKNOWN }],
        open: "loadBalancerType",
      },
    },
    survives: { "loadBalancerType: *": "AWS refuses any other kind" },
  }),
);
