import { CloudError } from "../core/definition.ts";
import type { Props } from "../core/values.ts";
import { authorize } from "./authorize.ts";
import type { Answer } from "./http.ts";
import type { ApiCall, ApiOperation, Demand, Operations } from "./operation.ts";

/** Answers an AWS JSON 1.0 or 1.1 call: the operation is the last part of X-Amz-Target. */
export function answerJson(
  operations: Operations,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  call: Omit<ApiCall, "input">,
): Answer {
  const name = operationOfTarget(headers);
  const operation = operationNamed(operations, name);
  if (operation === undefined)
    throw new CloudError(
      "UnknownOperationException",
      `The sandbox does not serve the operation "${name}"; it serves ${Object.keys(operations).sort().join(", ")}.`,
    );
  const result = perform(operation, { ...call, input: parse(body) }, "AccessDeniedException");
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

/** Asks IAM, then does it. */
export function perform(operation: ApiOperation, call: ApiCall, denied: string): Props {
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

/** An error in this protocol. These services answer 400 to nearly everything. */
export function jsonError(error: CloudError): Answer {
  const code = NAMES[error.code] ?? error.code;
  return {
    status: error.status === 413 || error.status >= 500 ? error.status : 400,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code },
    body: JSON.stringify({ __type: code, message: error.message }),
  };
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
