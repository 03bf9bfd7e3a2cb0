import rule from "../../../../policies/rules/delivery/load-balancer-in-several-zones.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { BALANCER, withOtherName } from "../../support/load-balancers.ts";

export default casesOf(
  rule,
  withOtherName({
    passes: {
      "a load balancer in two subnets": { given: [BALANCER, { subnets: ["subnet-a", "subnet-b"] }] },
      "subnets that are made later": { given: [BALANCER, { subnets: [UNKNOWN, UNKNOWN] }] },
      "a load balancer with a fixed address in each of two": {
        given: [BALANCER, { subnetMappings: [{ subnetId: "subnet-a" }, { subnetId: "subnet-b" }] }],
      },
    },
    fails: {
      "a load balancer in one subnet": {
        given: [BALANCER, { subnets: ["subnet-a"] }],
        says: "it has 1 subnet; it must have at least 2, each in a zone of its own.",
      },
      "a load balancer that names none": {
        given: [BALANCER, { subnets: [] }],
        says: "it has no subnet; it must have at least 2, each in a zone of its own.",
      },
    },
    unknown: { "a list that is not known": { given: [BALANCER, { subnets: UNKNOWN }], open: "subnets" } },
    survives: {
      "subnets[*]: *": "AWS refuses what is no subnet",
      "subnetMappings[*]*: *": "AWS refuses what is no subnet",
    },
  }),
);
