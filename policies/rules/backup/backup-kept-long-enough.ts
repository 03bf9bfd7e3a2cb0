import type { PlanArgs } from "@pulumi/aws/backup/plan.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "backup-kept-long-enough",
  title: "A backup plan keeps what it takes for five weeks or more",
  severity: "medium",
  description: "What went wrong a month ago and is found today can only be mended from a backup of before.",
  remediation: "Set lifecycle.deleteAfter of one rule of the plan to 35 or more.",
  controls: { wellArchitected: ["REL09"] },
  config: { leastDays: { type: "integer", default: 35, minimum: 1, maximum: 36_500, description: "Least days of backups." } },
  resources: {
    "aws:backup/plan:Plan": (plan: Resource<PlanArgs>, { config, fail }) => {
      const rules = plan.at("rules");
      // Without an end a backup is kept for ever.
      const days = rules.items.map(
        (each) => each.at("lifecycle", "deleteAfter").or(Infinity, "which means for ever").value ?? Infinity,
      );
      const longest = Math.max(0, ...days);
      if (longest < config.leastDays)
        fail(
          rules,
          `the plan keeps backups for ${String(longest)} days`,
          `it must keep some for at least ${String(config.leastDays)}`,
        );
    },
  },
});
