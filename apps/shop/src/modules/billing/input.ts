import { z } from "zod";
import { productId } from "../catalog/index.ts";

/** The most lines of an order. */
export const MOST_LINES = 20;
/** The most pieces of one product in an order. */
export const MOST_PIECES = 20;

/** Visible ASCII, as a header can carry it. */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/);

const quantity = z
  .number("Choose a whole number.")
  .int("Choose a whole number.")
  .min(1, "Choose at least 1.")
  .max(MOST_PIECES, `Choose at most ${MOST_PIECES}.`);

const line = z.strictObject({ productId, quantity });

/** What is paid with. */
export const paymentMethod = z.string().min(1).max(100);

/** The body of an order: each product once. */
export const orderRequest = z.strictObject({
  paymentMethod: paymentMethod.optional(),
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

/** The body of an order of what is in the cart. */
export const checkoutRequest = z.strictObject({ paymentMethod });

/** The form on the cart's page. */
export const checkoutForm = z.object({ key: idempotencyKey, paymentMethod });

/** So many of a product. */
export const cartChange = z.strictObject({ quantity });

/** The form on a product's page that fills the cart, and the one on the cart's page. */
export const cartForm = z.object({ productId, quantity: z.coerce.number("Choose a whole number.").pipe(quantity) });
