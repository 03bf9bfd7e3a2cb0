import type { CronJobArgs } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { beOneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "cron-job-does-not-overlap",
  title: "A job on a schedule does not run beside itself",
  severity: "medium",
  description: "When one run takes longer than the time between two, they pile up and work on the same data.",
  remediation: 'Set concurrencyPolicy to "Forbid", or to "Replace".',
  controls: { wellArchitected: ["REL04"] },
  resources: {
    "kubernetes:batch/v1:CronJob": (job: Resource<CronJobArgs>, { must }) =>
      must(job.at("spec", "concurrencyPolicy").or("Allow"), beOneOf("Forbid", "Replace")),
  },
});
