import { CloudError } from "../core/definition.ts";
import type { Props } from "../core/values.ts";
import { authorize } from "./authorize.ts";
import type { Answer } from "./http.ts";
import type { ApiCall, ApiOperation, Demand, Operations } from "./operation.ts";

/** Answers an AWS JSON 1.0 or 1.1 call: the operation is the last part of X-Amz-Target. */
export async function answerJson(
  operations: Operations,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  call: Omit<ApiCall, "input">,
): Promise<Answer> {
  const operation = requireOperation(operations, operationOfTarget(headers));
  const result = await perform(operation, { ...call, input: parse(body) }, "AccessDeniedException");
  return {
    status: 200,
    headers: { "content-type": headers["content-type"] ?? "application/x-amz-json-1.1" },
    body: JSON.stringify(result),
  };
}

/** The operation that a call names. */
export function operationOfTarget(headers: Readonly<Record<string, string>>): string {
  return headers["x-amz-target"]?.split(".").at(-1) ?? "";
}

/** An operation by its name, which came from a client: `constructor` is none. */
export function operationNamed(operations: Operations, name: string): ApiOperation | undefined {
  return Object.hasOwn(operations, name) ? operations[name] : undefined;
}

/** The operation of that name. Throws `UnknownOperationException`. */
export function requireOperation(operations: Operations, name: string): ApiOperation {
  const operation = operationNamed(operations, name);
  if (operation !== undefined) return operation;
  throw new CloudError(
    "UnknownOperationException",
    `The sandbox does not serve the operation "${name}"; it serves ${Object.keys(operations).sort().join(", ")}.`,
  );
}

/** Asks IAM, then does it. */
export function perform(operation: ApiOperation, call: ApiCall, denied: string): Props | Promise<Props> {
  const asked = operation.demands?.(call);
  const demands: readonly Demand[] = asked === undefined ? [] : "action" in asked ? [asked] : asked;
  for (const demand of demands) authorize(call.cloud, call.caller, demand, call.region, denied);
  return operation.run(call);
}

/** How these services name the errors that the endpoint itself raises. */
const NAMES: Readonly<Record<string, string>> = {
  AccessDenied: "AccessDeniedException",
  ExpiredToken: "ExpiredTokenException",
  IncompleteSignature: "IncompleteSignatureException",
  InvalidClientTokenId: "UnrecognizedClientException",
  MissingAuthenticationToken: "MissingAuthenticationTokenException",
  SignatureDoesNotMatch: "InvalidSignatureException",
  RequestTimeTooSkewed: "InvalidSignatureException",
};

/** What a service that once spoke the query protocol called its errors then, by what it calls them now; those missing kept their name. */
export type QueryCodes = Readonly<Record<string, string>>;

/** An error in this protocol. `queryCodes` are given when the client wants to be told the old code as well. */
export function jsonError(error: CloudError, queryCodes?: QueryCodes): Answer {
  const code = jsonErrorCode(error);
  return {
    status: statusOf(error),
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amzn-errortype": code,
      ...queryErrorHeader(error, queryCodes),
    },
    body: JSON.stringify({ __type: code, message: error.message }),
  };
}

/** How these services name an error. */
export function jsonErrorCode(error: CloudError): string {
  return NAMES[error.code] ?? error.code;
}

/** These services answer 400 to nearly everything. */
export function statusOf(error: CloudError): number {
  return error.status === 413 || error.status >= 500 ? error.status : 400;
}

/** The header by which clients learn the old code. Source: Smithy 2.0, `aws.protocols#awsQueryCompatible`. */
export function queryErrorHeader(error: CloudError, queryCodes?: QueryCodes): Record<string, string> {
  if (queryCodes === undefined) return {};
  const code = jsonErrorCode(error);
  return { "x-amzn-query-error": `${queryCodes[code] ?? code};${error.status >= 500 ? "Receiver" : "Sender"}` };
}

function parse(body: Buffer): Props {
  try {
    const input: unknown = body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
    if (typeof input === "object" && input !== null && !Array.isArray(input)) return input as Props;
  } catch {
    // Answered below, like any other body that is not an object.
  }
  throw new CloudError("SerializationException", "The request's body is not a JSON object.");
}
