import type { IncomingMessage, ServerResponse } from "node:http";
import { authorize } from "../../api/authorize.ts";
import { send } from "../../api/http.ts";
import type { Caller } from "../../api/operation.ts";
import type { SignedHead } from "../../api/sigv4.ts";
import { xmlDocument, type XmlValue } from "../../api/xml.ts";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { policyOfKey, requireKey } from "../kms/keys.ts";
import { policyOfBucket } from "./buckets.ts";

/** One signed call to S3, its body not yet read. */
export interface S3Call {
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

/** A call with its address taken apart. */
export interface S3Target extends S3Call {
  readonly bucket: string;
  /** Empty for a call on the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
}

export const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** Asks IAM and the bucket's policy. */
export function demand(call: S3Target, action: string, resource: string, context: Readonly<Record<string, string>> = {}): void {
  const policy = call.bucket === "" ? [] : policyOfBucket(call.cloud, call.bucket);
  authorize(call.cloud, call.caller, { action: `s3:${action}`, resource, policy, context }, call.region);
}

/** Asks about the object the call names. */
export function demandObject(call: S3Target, action: string, context: Readonly<Record<string, string>> = {}): void {
  demand(call, action, `arn:aws:s3:::${call.bucket}/${call.key}`, context);
}

/** Asks about the bucket the call names. */
export function demandBucket(call: S3Target, action: string, context: Readonly<Record<string, string>> = {}): void {
  demand(call, action, `arn:aws:s3:::${call.bucket}`, context);
}

/** Objects under a customer-managed key need that key too: GenerateDataKey to write, Decrypt to read. */
export function demandKey(call: S3Target, action: "GenerateDataKey" | "Decrypt", keyId: string): void {
  if (keyId === "" || keyId.includes("alias/aws/")) return;
  const key = requireKey(call.cloud, keyId, keyId.startsWith("arn:") ? (keyId.split(":")[3] ?? call.region) : call.region);
  const context = { "kms:ViaService": `s3.${call.region}.amazonaws.com` };
  const policy = policyOfKey(call.cloud, key);
  authorize(
    call.cloud,
    call.caller,
    { action: `kms:${action}`, resource: text(key.outputs, "arn"), policy, resourceMustAllow: true, context },
    call.region,
  );
}

/** Whether the caller may list the bucket: only then is it told that a key is not there. */
export function mayList(call: S3Target): boolean {
  try {
    demandBucket(call, "ListBucket");
    return true;
  } catch (error) {
    if (error instanceof CloudError) return false;
    throw error;
  }
}

/** Answers with an XML document. */
export function answerXml(call: S3Call, name: string, value: XmlValue, headers: Record<string, string> = {}): void {
  send(
    call.response,
    { status: 200, headers: { "content-type": "application/xml", ...headers }, body: xmlDocument(name, value, NAMESPACE) },
    call.requestId,
  );
}

/** Answers without a body. */
export function answerEmpty(call: S3Call, status: number, headers: Record<string, string> = {}): void {
  send(call.response, { status, headers }, call.requestId);
}

/** A header of the request, or undefined. */
export function header(call: S3Call, name: string): string | undefined {
  return call.head.headers[name];
}
