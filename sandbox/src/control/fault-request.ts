import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import { FAULT_KINDS, type FaultRequest, faultRequestShape } from "./shapes.ts";

/** A fault that cannot be put in; one line for each thing that is wrong with it. */
export class FaultRefused extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "FaultRefused";
  }
}

/** Names that a fault may use. A misspelt one would never come true and look like a platform that withstands it. */
export interface KnownNames {
  /** Served resource types. @default - any */
  readonly types?: readonly string[];
  /** Services of the AWS API and of the resource types. @default - any */
  readonly services?: readonly string[];
}

/** Reads a fault that somebody asks for. Throws {@link FaultRefused} with everything that is wrong: what was given, and what is allowed. */
export function readFaultRequest(input: unknown, known: KnownNames = {}): FaultRequest {
  const { success, data, error } = faultRequestShape.safeParse(input);
  if (!success) throw new FaultRefused(error.issues.map((issue) => line(issue, input)));
  if (!("service" in data || "type" in data)) return data;
  const faults = [...unknownName("type", data.type, known.types), ...unknownName("service", data.service, known.services)];
  if (faults.length > 0) throw new FaultRefused(faults);
  return data;
}

function line(issue: z.core.$ZodIssue, input: unknown): string {
  if (issue.code !== "unrecognized_keys") return `${issue.path.join(".") || "the fault"} ${issue.message}`;
  const { kind } = input as { readonly kind: keyof typeof FAULT_KINDS };
  return `unknown: ${issue.keys.join(", ")}; allowed: ${Object.keys(FAULT_KINDS[kind].shape).join(", ")}`;
}

function unknownName(what: string, name: string | undefined, known: readonly string[] | undefined): string[] {
  if (name === undefined || known === undefined || known.includes(name)) return [];
  return [
    `${what} is "${name}", which the sandbox does not serve${known.length === 0 ? "" : `; the nearest is ${closest(name, known)}`}`,
  ];
}
