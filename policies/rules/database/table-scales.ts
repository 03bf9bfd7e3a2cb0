import type { TargetArgs } from "@pulumi/aws/appautoscaling/target.js";
import type { TableArgs } from "@pulumi/aws/dynamodb/table.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "table-scales",
  title: "A DynamoDB table grows with what is asked of it",
  severity: "medium",
  description: "A table of fixed capacity refuses requests above it, and is paid for at night as by day.",
  remediation: 'Set billingMode to "PAY_PER_REQUEST", or add an aws.appautoscaling.Target for its read and write capacity.',
  controls: { fsbp: ["DynamoDB.1"], wellArchitected: ["REL07", "COST09"] },
  inStack: {
    "aws:dynamodb/table:Table": (table: Resource<TableArgs>, { fail }, stack) => {
      if (table.at("billingMode").value === "PAY_PER_REQUEST") return;
      const targets = stack.linked<TargetArgs>("aws:appautoscaling/target:Target", "resourceId", table);
      if (targets.length > 0) return;
      // The id is text made of the table's name, such as `table/orders`, so it is no name of the table as it stands.
      const name = table.at("name").value;
      const named = stack
        .ofType<TargetArgs>("aws:appautoscaling/target:Target")
        .some((target) => name !== undefined && target.named.at("resourceId").value === `table/${name}`);
      if (!named)
        fail(table, "the table has a fixed capacity", 'billingMode must be "PAY_PER_REQUEST", or a Target must scale it');
    },
  },
});
