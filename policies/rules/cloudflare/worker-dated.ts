import type { WorkersScriptArgs } from "@pulumi/cloudflare/workersScript.js";
import { fit } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "worker-dated",
  title: "A Worker says for which state of the platform it was written",
  severity: "low",
  description: "Without a date a Worker runs as in 2021, with the faults that have been mended since.",
  remediation: "Set compatibilityDate to the day on which it was last tested.",
  controls: { cloudflare: ["workers/configuration/compatibility-dates"], wellArchitected: ["OPS05"] },
  config: {
    leastDate: { type: "string", default: "2025-01-01", description: "The oldest day that is allowed, as YYYY-MM-DD." },
  },
  resources: {
    "cloudflare:index/workersScript:WorkersScript": (worker: Resource<WorkersScriptArgs>, { config, must }) => {
      must(
        worker.at("compatibilityDate"),
        // Days that are written so sort as text.
        fit(`be ${config.leastDate} or later`, (day = "") => /^\d{4}-\d\d-\d\d$/.test(day) && day >= config.leastDate),
      );
    },
  },
});
