import rule from "../../../../policies/rules/kubernetes/job-bounded.ts";
import { casesOf } from "../../support/cases.ts";
import { together } from "../../support/switches.ts";
import { setCases } from "../../support/values.ts";

const wanted = { value: 3600, wanted: "say after how long" };

export default casesOf(rule, {
  ...together(
    setCases("kubernetes:batch/v1:Job", "a job", "spec.activeDeadlineSeconds", wanted),
    setCases("kubernetes:batch/v1:CronJob", "a job on a schedule", "spec.jobTemplate.spec.activeDeadlineSeconds", wanted),
  ),
  survives: { "*.activeDeadlineSeconds: another number": "any number of seconds is an end" },
});
