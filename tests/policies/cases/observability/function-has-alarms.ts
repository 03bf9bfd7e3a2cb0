import rule from "../../../../policies/rules/observability/function-has-alarms.ts";
import { alarmedCases } from "../../support/alarms.ts";
import { casesOf } from "../../support/cases.ts";

export default casesOf(
  rule,
  alarmedCases("aws:lambda/function:Function", "a function", {
    dimension: "FunctionName",
    metrics: ["Errors", "Throttles"],
    name: "name",
  }),
);
