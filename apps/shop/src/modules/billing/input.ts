import { z } from "zod";
import { productId } from "../catalog/index.ts";

const MOST_LINES = 20;
const MOST_PIECES = 20;

/** Visible ASCII, as a header can carry it. */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/);

const quantity = z
  .number("Choose a whole number.")
  .int("Choose a whole number.")
  .min(1, "Choose at least 1.")
  .max(MOST_PIECES, `Choose at most ${MOST_PIECES}.`);

const line = z.strictObject({ productId, quantity });

/** The body of an order: each product once. */
export const orderRequest = z.strictObject({
  lines: z
    .array(line)
    .min(1)
    .max(MOST_LINES)
    .refine((lines) => new Set(lines.map(({ productId }) => productId)).size === lines.length, "Name each product once."),
});

/** The form on a product's page. */
export const buyForm = z.object({
  productId,
  quantity: z.coerce.number("Choose a whole number.").pipe(quantity),
  key: idempotencyKey,
});
