import { z } from "zod";

/** One field that is wrong, and why. */
export interface FieldFault {
  /** Where, such as `lines.0.quantity`. */
  readonly path: string;
  readonly message: string;
}

interface ProblemFields {
  readonly status: number;
  /** Names the kind of problem for programs: the end of its type URI. */
  readonly kind: string;
  /** What kind of problem it is; the same each time. */
  readonly title: string;
  /** What went wrong this time and what to do. */
  readonly detail?: string;
  readonly errors?: readonly FieldFault[];
  /** Sent as Retry-After, in seconds. */
  readonly retryAfterSeconds?: number;
}

/** An answer that is not the one hoped for. Thrown anywhere in a request; becomes RFC 9457 problem details, or a page for people. */
export class Problem extends Error {
  readonly fields: ProblemFields;
  constructor(fields: ProblemFields) {
    super(fields.title);
    this.name = "Problem";
    this.fields = fields;
  }

  /** The document as RFC 9457 has it. */
  body(traceId: string): Record<string, unknown> {
    const { status, kind, title, detail, errors } = this.fields;
    return { type: `urn:problem:shop:${kind}`, title, status, detail, errors, trace_id: traceId };
  }
}

/** Problems that several modules have. */
export const problems = {
  invalid: (errors: readonly FieldFault[]) =>
    new Problem({ status: 400, kind: "invalid-request", title: "The request is not valid.", errors }),
  unauthorized: () =>
    new Problem({
      status: 401,
      kind: "unauthorized",
      title: "Log in first.",
      detail: "Send `Authorization: Bearer TOKEN` with a token from POST /api/sessions.",
    }),
  forgedForm: () =>
    new Problem({
      status: 403,
      kind: "forged-form",
      title: "This form has expired.",
      detail: "Go back, load the page again, and send the form once more.",
    }),
  notFound: (what: string) => new Problem({ status: 404, kind: "not-found", title: `There is no such ${what}.` }),
  tooMany: (what: string, retryAfterSeconds: number) =>
    new Problem({
      status: 429,
      kind: "too-many-requests",
      title: `Too many ${what}.`,
      detail: `Try again in ${retryAfterSeconds} seconds.`,
      retryAfterSeconds,
    }),
  unavailable: (title: string) =>
    new Problem({ status: 503, kind: "unavailable", title, detail: "Try again in a moment.", retryAfterSeconds: 2 }),
};

/** What a client sent, checked. @throws Problem 400 that names every field at fault. */
export function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw problems.invalid(fieldFaults(parsed.error));
}

/** The faults of a failed check, by field. */
export function fieldFaults(error: z.ZodError): FieldFault[] {
  return error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
}
