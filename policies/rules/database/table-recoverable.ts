import type { TableArgs } from "@pulumi/aws/dynamodb/table.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "table-recoverable",
  title: "A DynamoDB table can be brought back to any second of the last weeks",
  severity: "high",
  description: "A faulty program writes over every item in minutes. Without point-in-time recovery the old ones are gone.",
  remediation: "Set pointInTimeRecovery.enabled to true.",
  controls: { fsbp: ["DynamoDB.2"], wellArchitected: ["REL09"] },
  resources: {
    "aws:dynamodb/table:Table": (table: Resource<TableArgs>, { must }) => {
      must(table.at("pointInTimeRecovery", "enabled"), beTrue);
    },
  },
});
