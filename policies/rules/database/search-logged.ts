import type { DomainArgs } from "@pulumi/aws/opensearch/domain.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

const LOGS = ["ES_APPLICATION_LOGS", "AUDIT_LOGS"];

export default rule({
  id: "search-logged",
  title: "A search domain keeps its errors and who asked for what",
  severity: "medium",
  description: "Without these logs nobody can say why a domain turned red, or who read an index.",
  remediation: `Add logPublishingOptions of the types ${LOGS.join(" and ")}, each with the ARN of a log group.`,
  controls: { fsbp: ["Opensearch.4", "Opensearch.5"], pci4: ["10.2.1"], wellArchitected: ["SEC04"] },
  since: "distributed",
  resources: {
    "aws:opensearch/domain:Domain": (domain: Resource<DomainArgs>, { fail }) => {
      const options = domain.at("logPublishingOptions");
      const on = options.items
        .filter((option) => option.at("enabled").or(true).value === true)
        .map((option) => option.at("logType").value);
      for (const log of LOGS)
        if (!on.includes(log)) fail(options, `${log} are not published`, "logPublishingOptions must publish them");
    },
  },
});
