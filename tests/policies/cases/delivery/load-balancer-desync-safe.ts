import rule from "../../../../policies/rules/delivery/load-balancer-desync-safe.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { BALANCER, withOtherName } from "../../support/load-balancers.ts";

export default casesOf(
  rule,
  withOtherName({
    passes: {
      "a load balancer that keeps off whatever is ambiguous": { given: [BALANCER, { desyncMitigationMode: "strictest" }] },
      "a load balancer that says nothing of it": { given: [BALANCER, {}] },
      "a load balancer for TCP, which reads no requests": {
        given: [BALANCER, { loadBalancerType: "network" }],
        cannotBreak: "it passes bytes on",
      },
    },
    fails: {
      "a load balancer that only watches": {
        given: [BALANCER, { desyncMitigationMode: "monitor" }],
        says: 'desyncMitigationMode is "monitor"; it must be one of "defensive", "strictest".',
      },
    },
    unknown: {
      "a mode that is chosen later": { given: [BALANCER, { desyncMitigationMode: UNKNOWN }], open: "desyncMitigationMode" },
    },
    survives: { "desyncMitigationMode: left out": "AWS takes the defensive mode" },
  }),
);
