import rule from "../../../../policies/rules/observability/load-balancer-has-alarms.ts";
import { alarmedCases } from "../../support/alarms.ts";
import { casesOf } from "../../support/cases.ts";
import { BALANCER, withOtherName } from "../../support/load-balancers.ts";
import { together } from "../../support/switches.ts";

export default casesOf(
  rule,
  withOtherName(
    together(
      alarmedCases(BALANCER, "a load balancer", {
        dimension: "LoadBalancer",
        metrics: ["HTTPCode_Target_5XX_Count", "UnHealthyHostCount"],
        name: "arnSuffix",
      }),
      {
        passes: {
          "a load balancer for TCP": { given: { shop: [BALANCER, { loadBalancerType: "network" }] } },
        },
        fails: {},
        unknown: {},
        survives: { "shop: loadBalancerType: *": "only an application load balancer has these metrics" },
      },
    ),
  ),
);
