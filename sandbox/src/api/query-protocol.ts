import { CloudError } from "../core/definition.ts";
import { text, type Props } from "../core/values.ts";
import { operationNamed, perform } from "./json-protocol.ts";
import type { Answer } from "./http.ts";
import type { ApiCall, Operations } from "./operation.ts";
import { xmlDocument, type XmlValue } from "./xml.ts";

/** A service that speaks the query protocol: form in, XML out. */
export interface QueryService {
  readonly namespace: string;
  readonly operations: Operations;
  /** Its word for a denial. @default AccessDenied */
  readonly denied?: string;
}

/** Answers an AWS query call: the operation is the form field `Action`, the other fields are the input as they stand. */
export async function answerQuery(
  service: QueryService,
  body: Buffer,
  call: Omit<ApiCall, "input">,
  requestId: string,
): Promise<Answer> {
  const input: Props = Object.fromEntries(new URLSearchParams(body.toString("utf8")));
  const name = text(input, "Action");
  const operation = operationNamed(service.operations, name);
  if (operation === undefined) {
    throw new CloudError("InvalidAction", `Could not find operation ${name}: the sandbox does not serve it.`);
  }
  const result = (await perform(operation, { ...call, input }, service.denied ?? "AccessDenied")) as XmlValue;
  const document = { [`${name}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return {
    status: 200,
    headers: { "content-type": "text/xml" },
    body: xmlDocument(`${name}Response`, document, service.namespace),
  };
}

/** The operation that a form names. */
export function operationOfForm(body: Buffer): string {
  return new URLSearchParams(body.toString("utf8")).get("Action") ?? "";
}

/** An error in this protocol. */
export function queryError(error: CloudError, requestId: string): Answer {
  const type = error.status >= 500 ? "Receiver" : "Sender";
  const document = { Error: { Type: type, Code: error.code, Message: error.message }, RequestId: requestId };
  return { status: error.status, headers: { "content-type": "text/xml" }, body: xmlDocument("ErrorResponse", document) };
}
