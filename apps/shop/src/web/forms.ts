import type { z } from "zod";
import { fieldFaults } from "../platform/http/problem.ts";

/** The first fault of each field of a form. */
export function faultsByField(error: z.ZodError): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fieldFaults(error)
      .reverse()
      .map(({ path, message }) => [path, message]),
  );
}

/** What was typed into a field, to show it again; empty if it was not sent as text. */
export function textOf(source: unknown, field: string): string {
  const value = (source as Readonly<Record<string, unknown>> | null | undefined)?.[field];
  return typeof value === "string" ? value : "";
}
