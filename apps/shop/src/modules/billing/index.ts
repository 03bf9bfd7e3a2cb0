import type { MigrationSource } from "../../platform/database/migrations.ts";

export { billingApi, orderOrThrow } from "./api.ts";
export { type Billing, createBilling, type OrderPage, type Placement } from "./billing.ts";
export { type OrderPlaced, orderPlaced } from "./events.ts";
export { buyForm } from "./input.ts";
export type { Order, OrderLine } from "./orders.ts";

/** The tables of orders. */
export const billingMigrations: MigrationSource = { module: "billing", folder: new URL("./migrations/", import.meta.url) };
