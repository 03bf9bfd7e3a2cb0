import rule from "../../../../policies/rules/compute/function-traced.ts";
import { casesOf } from "../../support/cases.ts";
import { choiceCases } from "../../support/values.ts";

export default casesOf(
  rule,
  choiceCases("aws:lambda/function:Function", "a function", "tracingConfig.mode", {
    right: ["Active"],
    wrong: "PassThrough",
    leftOut: "PassThrough",
  }),
);
