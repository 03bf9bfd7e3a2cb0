import { z } from "zod";
import type { EventType } from "../../platform/events/event.ts";

const line = z.object({ productId: z.string(), quantity: z.number(), unitPriceCents: z.number() });

/** What is told of an order. */
export interface OrderPlaced {
  readonly orderId: string;
  readonly userId: string;
  readonly totalCents: number;
  readonly currency: string;
  readonly lines: readonly { readonly productId: string; readonly quantity: number; readonly unitPriceCents: number }[];
}

/** Somebody has ordered, and the stock is theirs. */
export const orderPlaced: EventType<OrderPlaced> = {
  name: "order-placed",
  data: z.object({
    orderId: z.guid(),
    userId: z.guid(),
    totalCents: z.number(),
    currency: z.string(),
    lines: z.array(line).readonly(),
  }),
};
