import type { MigrationSource } from "../../platform/database/migrations.ts";

export { billingApi, orderOrThrow, ownInvoice, sendInvoice, tooLate } from "./api.ts";
export { type Billing, type Checkout, createBilling, type OrderPage, type Placement } from "./billing.ts";
export type { Cart, CartLine, Carts, Put } from "./cart.ts";
export { putOrThrow } from "./cart-api.ts";
export { type OrderPlaced, orderPlaced } from "./events.ts";
export { buyForm, cartForm, checkoutForm } from "./input.ts";
export type { Order, OrderLine, OrderState } from "./orders.ts";

export { type PaymentEvents, paymentEvents, signPaymentEvent } from "./payment-events.ts";
export type { Charge, ChargeState, PaymentProvider } from "./payments.ts";
export type { Refund } from "./refunds.ts";
export type { Refusal } from "./settling.ts";
export { decideTestCharge, testMethods, testPayments } from "./test-payments.ts";

/** The tables of orders. */
export const billingMigrations: MigrationSource = { module: "billing", folder: new URL("./migrations/", import.meta.url) };
