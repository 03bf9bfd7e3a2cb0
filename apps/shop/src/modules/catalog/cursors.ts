import { z } from "zod";
import { problems } from "../../platform/http/problem.ts";
import type { Position } from "./catalog.ts";
import { productId } from "./product-id.ts";
import type { Find } from "./search.ts";

// PostgreSQL holds every character but NUL.
const position = z.tuple([
  z
    .string()
    .max(120)
    .regex(/^[^\0]+$/),
  productId,
]);
const find = z.tuple([z.number().min(0).max(10), productId]);

/** Where the next page begins, for a URL. */
export function writeCursor({ name, id }: Position): string {
  return write([name, id]);
}

/** @throws Problem 400 for a text that is no cursor of ours */
export function readCursor(text: string): Position {
  const [name, id] = read(text, position);
  return { name, id };
}

/** Where the next finds begin, for a URL. */
export function writeFindCursor({ score, id }: Find): string {
  return write([score, id]);
}

/** @throws Problem 400 for a text that is no cursor of ours */
export function readFindCursor(text: string): Find {
  const [score, id] = read(text, find);
  return { score, id };
}

function write(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

function read<T>(text: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    throw problems.invalid([{ path: "after", message: "Use the value of `next` from the page before." }]);
  }
}
