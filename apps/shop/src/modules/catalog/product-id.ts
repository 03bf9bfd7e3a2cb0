import { z } from "zod";

/** The id of a product as it stands in addresses: words of small letters and digits, joined by hyphens. */
export const productId = z
  .string()
  .max(120)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "This is no id of a product.");
