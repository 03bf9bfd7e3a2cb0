import rule from "../../../../policies/rules/kubernetes/cron-job-does-not-overlap.ts";
import { casesOf } from "../../support/cases.ts";
import { choiceCases } from "../../support/values.ts";

export default casesOf(
  rule,
  choiceCases("kubernetes:batch/v1:CronJob", "a job", "spec.concurrencyPolicy", {
    right: ["Forbid", "Replace"],
    wrong: "Allow",
    leftOut: "Allow",
  }),
);
