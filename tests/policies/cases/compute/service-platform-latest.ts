import rule from "../../../../policies/rules/compute/service-platform-latest.ts";
import { casesOf } from "../../support/cases.ts";
import { choiceCases } from "../../support/values.ts";

export default casesOf(rule, {
  ...choiceCases("aws:ecs/service:Service", "a service", "platformVersion", {
    right: ["LATEST"],
    wrong: "1.3.0",
    leftOut: "right",
  }),
  survives: { "platformVersion: left out": "the newest is what AWS takes by itself" },
});
