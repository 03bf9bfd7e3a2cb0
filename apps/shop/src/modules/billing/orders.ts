import type { Wanted } from "../catalog/index.ts";

/** One line of an order, at the price it was bought at. */
export interface OrderLine {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPriceCents: number;
}

/** How far an order is: its payment is not decided, it is placed, its money is on the way back, or it is back. */
export type OrderState = "unpaid" | "placed" | "refunding" | "refunded";

/** An order of somebody. */
export interface Order {
  readonly id: string;
  readonly state: OrderState;
  readonly createdAt: Date;
  readonly totalCents: number;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
}

/** What an order asks for. */
export type Request = readonly Wanted[];

/** The sum of the lines, in cents. Exact: at most 20 lines of 20 pieces below 2^31 cents stay far below 2^53. */
export function totalCents(lines: readonly Pick<OrderLine, "quantity" | "unitPriceCents">[]): number {
  return lines.reduce((sum, { quantity, unitPriceCents }) => sum + quantity * unitPriceCents, 0);
}
