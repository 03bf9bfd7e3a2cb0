import type { FastifyError } from "fastify";
import { isBusy, isRefused, isTransient } from "../database/faults.ts";
import { Problem, problems } from "./problem.ts";

/** The problem that an error is for the client. What the client cannot help is a 500 without details; those are in the log. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isTransient(error) || isBusy(error) || isRefused(error)) return problems.unavailable("The shop is busy.");
  const { statusCode } = error as FastifyError;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return requestProblem(error as FastifyError, statusCode);
  return new Problem({
    status: 500,
    kind: "internal",
    title: "Something went wrong on our side.",
    detail: "It has been noted. Try again, or tell us the trace id.",
  });
}

/** Whether somebody should look at the error: the client's mistakes and a busy database are not worth a stack. */
export function isFault(problem: Problem): boolean {
  return problem.fields.status === 500;
}

/** Fastify's own refusals: the message says what is wrong with the request and repeats none of it. */
function requestProblem(error: FastifyError, status: number): Problem {
  const known: Record<string, string> = {
    FST_ERR_CTP_BODY_TOO_LARGE: "The body is too large.",
    FST_ERR_CTP_INVALID_MEDIA_TYPE: "The body's media type is not one that this address takes.",
    FST_ERR_CTP_EMPTY_JSON_BODY: "The body is empty.",
    FST_ERR_CTP_INVALID_JSON_BODY: "The body is not valid JSON.",
    FST_ERR_CTP_INVALID_CONTENT_LENGTH: "The body is not as long as its Content-Length says.",
  };
  return new Problem({ status, kind: "malformed-request", title: known[error.code] ?? "The request is malformed." });
}
