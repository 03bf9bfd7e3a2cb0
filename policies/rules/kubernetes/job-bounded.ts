import type { JobArgs } from "@pulumi/kubernetes/batch/v1/job.js";
import type { CronJobArgs } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "job-bounded",
  title: "A job ends at some time, whatever happens",
  severity: "low",
  description: "A job that hangs holds its node, and its lock, until somebody looks.",
  remediation: "Set activeDeadlineSeconds in the specification of the job.",
  controls: { wellArchitected: ["REL05", "COST09"] },
  resources: {
    "kubernetes:batch/v1:Job": (job: Resource<JobArgs>, { must }) =>
      must(job.at("spec", "activeDeadlineSeconds"), beSet("say after how long")),
    "kubernetes:batch/v1:CronJob": (job: Resource<CronJobArgs>, { must }) =>
      must(job.at("spec", "jobTemplate", "spec").at("activeDeadlineSeconds"), beSet("say after how long")),
  },
});
