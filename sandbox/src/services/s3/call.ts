import { authorize } from "../../api/authorize.ts";
import { send } from "../../api/http.ts";
import type { RestCall } from "../../api/rest-protocol.ts";
import { xmlDocument, type XmlValue } from "../../api/xml.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { useOfKey } from "../kms/use.ts";
import { type Encryption, policyOfBucket } from "./buckets.ts";

/** One signed call to S3, its body not yet read. */
export type S3Call = RestCall;

/** A call with its address taken apart. */
export interface S3Target extends S3Call {
  readonly bucket: string;
  /** Empty for a call on the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
}

/** The headers that name an object's key, and say whether it is used through one of the bucket's own. */
export const KEY_HEADER = "x-amz-server-side-encryption-aws-kms-key-id";
export const BUCKET_KEY_HEADER = "x-amz-server-side-encryption-bucket-key-enabled";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/**
 * Headers that policies may ask about, as `s3:<header>`. Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".
 */
const CONDITION_HEADERS = [
  "if-match",
  "if-none-match",
  "x-amz-acl",
  "x-amz-content-sha256",
  "x-amz-copy-source",
  "x-amz-metadata-directive",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-storage-class",
  "x-amz-website-redirect-location",
];

/** Asks IAM and the bucket's policy. */
export function demand(call: S3Target, action: string, resource: string, context: Readonly<Record<string, string>> = {}): void {
  const policy = call.bucket === "" ? [] : policyOfBucket(call.cloud, call.bucket);
  const asked = { action: `s3:${action}`, resource, policy, context: { ...factsOf(call), ...context } };
  authorize(call.cloud, call.caller, asked, call.region);
}

/** Asks about the object the call names. */
export function demandObject(call: S3Target, action: string): void {
  demand(call, action, `arn:aws:s3:::${call.bucket}/${call.key}`);
}

/** Asks about the bucket the call names. */
export function demandBucket(call: S3Target, action: string, context: Readonly<Record<string, string>> = {}): void {
  demand(call, action, `arn:aws:s3:::${call.bucket}`, context);
}

/** Objects under a customer-managed key need that key too: GenerateDataKey to write, Decrypt to read. */
export function demandKey(
  call: S3Target,
  bucket: Resource,
  action: "GenerateDataKey" | "Decrypt",
  { keyId, bucketKey }: Pick<Encryption, "keyId" | "bucketKey">,
): void {
  const encryptionContext = { "aws:s3:arn": `arn:aws:s3:::${bucket.id}${bucketKey ? "" : `/${call.key}`}` };
  try {
    const demands = useOfKey(call.cloud, { key: keyId, action, service: "s3", region: bucket.region, encryptionContext });
    for (const asked of demands) authorize(call.cloud, call.caller, asked, call.region);
  } catch (error) {
    // S3 passes on what KMS says of the key, under its own kind of code.
    if (error instanceof CloudError && error.code !== "AccessDenied") throw new CloudError(`KMS.${error.code}`, error.message);
    throw error;
  }
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
  const body = xmlDocument(name, value, NAMESPACE);
  send(call.response, { status: 200, headers: { "content-type": "application/xml", ...headers }, body }, call.requestId);
}

/** Answers without a body. */
export function answerEmpty(call: S3Call, status: number, headers: Record<string, string> = {}): void {
  send(call.response, { status, headers }, call.requestId);
}

/** A header of the request, or undefined. */
export function header(call: S3Call, name: string): string | undefined {
  return call.head.headers[name];
}

/** The refusal of a document of the wrong shape. */
export function malformedXml(): CloudError {
  return new CloudError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
}

/** The refusal of something that S3 has and the sandbox has not. */
export function notImplemented(what: string): CloudError {
  return new CloudError(
    "NotImplemented",
    `A header you provided implies functionality that is not implemented: the sandbox does not serve ${what}`,
    501,
  );
}

/** The ETag as it stands in records: without the quotes of the header. */
export function unquoted(etag: string): string {
  return etag.replace(/^"(.*)"$/, "$1");
}

function factsOf(call: S3Target): Record<string, string> {
  const headers = CONDITION_HEADERS.flatMap((name) => {
    const value = header(call, name);
    return value === undefined ? [] : [[`s3:${name}`, value] as const];
  });
  const version = call.query.get("versionId");
  return {
    "s3:authType": call.query.has("X-Amz-Signature") ? "REST-QUERY-STRING" : "REST-HEADER",
    "s3:ResourceAccount": call.cloud.account,
    "s3:signatureversion": "AWS4-HMAC-SHA256",
    // The loopback endpoint stands for the real one, which speaks this.
    "s3:TlsVersion": "1.3",
    ...(version === null ? {} : { "s3:VersionId": version }),
    ...Object.fromEntries(headers),
  };
}
