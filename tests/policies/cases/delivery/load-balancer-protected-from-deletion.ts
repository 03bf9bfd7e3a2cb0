import rule from "../../../../policies/rules/delivery/load-balancer-protected-from-deletion.ts";
import { casesOf } from "../../support/cases.ts";
import { BALANCER, withOtherName } from "../../support/load-balancers.ts";
import { onCases } from "../../support/switches.ts";

export default casesOf(
  rule,
  withOtherName({
    ...onCases(BALANCER, "a load balancer", "enableDeletionProtection"),
    skips: {
      "a load balancer of a sandbox": {
        given: [BALANCER, {}],
        stack: "sandbox",
        because: 'the data of stack "sandbox" may be lost',
      },
    },
  }),
);
