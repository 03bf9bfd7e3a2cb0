import type { TableArgs } from "@pulumi/aws/dynamodb/table.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { skipThrowawayStacks, throwawayStacks } from "../../shared/throwaway.ts";

export default rule({
  id: "table-protected-from-deletion",
  title: "A DynamoDB table cannot be deleted by mistake",
  severity: "high",
  description: "A changed key or name replaces a table, and a replaced table begins empty.",
  remediation: "Set deletionProtectionEnabled to true.",
  controls: { fsbp: ["DynamoDB.6"], wellArchitected: ["REL09"] },
  config: throwawayStacks,
  resources: {
    "aws:dynamodb/table:Table": (table: Resource<TableArgs>, check) => {
      skipThrowawayStacks(table, check);
      check.must(table.at("deletionProtectionEnabled"), beTrue);
    },
  },
});
