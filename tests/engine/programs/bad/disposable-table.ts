import { Table } from "@pulumi/aws/dynamodb/table.js";

/** "We can always load it again." */
new Table("carts", {
  attributes: [{ name: "id", type: "S" }],
  hashKey: "id",
  billingMode: "PAY_PER_REQUEST",
});
