import type { IncomingMessage, ServerResponse } from "node:http";
import type { Cloud } from "../core/cloud.ts";
import type { CloudError } from "../core/definition.ts";
import type { Answer } from "./http.ts";
import type { Caller } from "./operation.ts";
import type { SignedHead } from "./sigv4.ts";
import { xmlDocument } from "./xml.ts";

/** One signed call whose method and path say what is wanted (S3); its body has not been read yet. */
export interface RestCall {
  readonly cloud: Cloud;
  readonly head: SignedHead;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly region: string;
  readonly caller: Caller;
  /** What stands for the body in the signature: its SHA-256, or `UNSIGNED-PAYLOAD` and the like. */
  readonly declared: string;
}

/** A service that answers such calls by itself; it throws a CloudError before anything is sent. */
export interface RestService {
  readonly answer: (call: RestCall) => Promise<void>;
}

/** An error in this protocol, as S3 sends it; the answer to HEAD has no body. */
export function restError(error: CloudError, head: SignedHead, requestId: string): Answer {
  if (head.method === "HEAD") return { status: error.status };
  const document = { Code: error.code, Message: error.message, Resource: head.path, RequestId: requestId };
  return { status: error.status, headers: { "content-type": "application/xml" }, body: xmlDocument("Error", document) };
}
