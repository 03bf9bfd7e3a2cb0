import { beSet, beTrue } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { ofTargetGroups } from "../../shared/load-balancers.ts";

export default rule({
  id: "target-group-checks-health",
  title: "A load balancer asks each server whether it can work",
  severity: "medium",
  description:
    "Without a check, requests go to servers that cannot answer. The check that AWS takes by itself asks for the start page, which says little of the rest, and may need all of it.",
  remediation: "Name a page in healthCheck.path that answers quickly, and only when the server can take requests.",
  controls: { wellArchitected: ["REL11"] },
  resources: ofTargetGroups((group, { must }) => {
    // A function is asked by running it (Elastic Load Balancing, "Lambda functions as targets").
    if (group.at("targetType").value === "lambda") return;
    must(group.at("healthCheck", "enabled").or(true), beTrue);
    if (["HTTP", "HTTPS"].includes(group.at("protocol").value ?? "")) must(group.at("healthCheck", "path"), beSet("name a page"));
  }),
});
