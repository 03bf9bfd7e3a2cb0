import rule from "../../../../policies/rules/database/table-scales.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const TABLE = "aws:dynamodb/table:Table";
const target = (resourceId: unknown): FixtureResource => ["aws:appautoscaling/target:Target", { resourceId }];
const says = 'orders: the table has a fixed capacity; billingMode must be "PAY_PER_REQUEST", or a Target must scale it.';

export default casesOf(rule, {
  passes: {
    "a table that is paid by request": { given: { orders: [TABLE, { billingMode: "PAY_PER_REQUEST" }] } },
    "a table that is scaled": { given: { orders: [TABLE, {}], scaled: target(ref("orders", "name")) } },
    "a table that is scaled by its name": { given: { orders: [TABLE, { name: "orders" }], scaled: target("table/orders") } },
  },
  fails: {
    "a table of fixed capacity": { given: { orders: [TABLE, { billingMode: "PROVISIONED" }] }, says },
    "a table that says nothing of it, beside one that is scaled": {
      given: { orders: [TABLE, { name: "orders" }], scaled: target("table/bills") },
      says,
    },
  },
  unknown: {
    "a way to pay that is chosen later": { given: { orders: [TABLE, { billingMode: UNKNOWN }] }, open: "orders: billingMode" },
    "a target that may be another's": {
      given: { orders: [TABLE, { name: "orders" }], scaled: target(UNKNOWN) },
      open: "orders: scaled.resourceId",
    },
  },
});
