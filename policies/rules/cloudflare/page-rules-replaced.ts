import type { PageRuleArgs } from "@pulumi/cloudflare/pageRule.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "page-rules-replaced",
  title: "What the edge does is said in rulesets, not in page rules",
  severity: "low",
  description: "Page rules are no longer developed, only the first that matches is followed, and a plan has few of them.",
  remediation:
    "Move the rule into a cloudflare.Ruleset of the phase that it belongs to, and set the status of the page rule to disabled.",
  controls: { cloudflare: ["rules/reference/page-rules-migration"], wellArchitected: ["OPS05"] },
  level: "advisory",
  resources: {
    "cloudflare:index/pageRule:PageRule": (page: Resource<PageRuleArgs>, { fail }) => {
      if ((page.at("status").value ?? "disabled") !== "disabled")
        fail(page, "the page rule is active", "a Ruleset must take its place");
    },
  },
});
