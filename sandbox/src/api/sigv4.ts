import { createHash, createHmac } from "node:crypto";
import { CloudError } from "../core/definition.ts";
import { sameSecret } from "./credentials.ts";

/** What of a request is signed. Header names are in lower case; path and query are as they came over the wire. */
export interface SignedHead {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the client claims: whose key, for which service and region, when, and how it signed. */
export interface Claim {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly date: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly token: string;
  readonly presigned: boolean;
  /** Seconds for which a presigned address is good. */
  readonly lifetime: number;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
/** How far the clocks may be apart: for S3, and for the others (IAM User Guide, "Troubleshoot AWS API request signing"). */
const MAX_SKEW_MINUTES = { s3: 15, others: 5 };
/** A presigned address stands for any body, whatever a client says of it. */
const PAYLOAD_HEADER = "x-amz-content-sha256";
/** What in a presigned address belongs to the signature itself. */
const OF_THE_SIGNATURE = ["algorithm", "credential", "date", "expires", "signedheaders", "signature", "security-token"].map(
  (name) => `x-amz-${name}`,
);
const MINUTE = 60 * 1000;

/** Reads who signed, from the Authorization header or a presigned address. Throws {@link CloudError} if nothing, or nothing readable, is there. */
export function readClaim(head: SignedHead): Claim {
  const query = new URLSearchParams(head.query);
  const presigned = query.has("X-Amz-Signature");
  const authorization = head.headers["authorization"];
  if (!presigned && authorization === undefined)
    throw new CloudError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
  const fields = presigned ? fieldsOf(query) : fieldsOfHeader(authorization ?? "");
  const [accessKeyId, day, region, service, end, ...more] = fields.credential.split("/");
  if (!accessKeyId || !day || !region || !service || end !== "aws4_request" || more.length > 0) {
    throw incomplete("Credential must be <access key>/<date>/<region>/<service>/aws4_request.");
  }
  const date = presigned ? (query.get("X-Amz-Date") ?? "") : (head.headers["x-amz-date"] ?? "");
  if (!/^\d{8}T\d{6}Z$/.test(date)) throw incomplete("The date must be given as X-Amz-Date in the form YYYYMMDDTHHMMSSZ.");
  if (!date.startsWith(day))
    throw new CloudError(
      "SignatureDoesNotMatch",
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP",
      403,
    );
  const token = presigned ? (query.get("X-Amz-Security-Token") ?? "") : (head.headers["x-amz-security-token"] ?? "");
  const lifetime = Number(query.get("X-Amz-Expires") ?? 0);
  return {
    accessKeyId,
    region,
    service,
    date,
    signedHeaders: fields.signedHeaders.split(";"),
    signature: fields.signature,
    token,
    presigned,
    lifetime,
  };
}

/**
 * The request as it is meant: in a presigned address the SDKs put the `x-amz-` headers into the query, where they count as much.
 * To be asked for once the signature holds.
 */
export function unpresigned(head: SignedHead, claim: Claim): SignedHead {
  if (!claim.presigned) return head;
  const hoisted = [...new URLSearchParams(head.query)]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name.startsWith("x-amz-") && !OF_THE_SIGNATURE.includes(name));
  return { ...head, headers: { ...Object.fromEntries(hoisted), ...head.headers } };
}

/** Throws unless the request was signed with that secret, about now. `payloadHash` is the hash of the body, or what stands in for it. */
export function verifySignature(head: SignedHead, claim: Claim, secret: string, payloadHash: string, now: number): void {
  checkTime(claim, now);
  if (!claim.signedHeaders.includes("host"))
    throw incomplete("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  const unsigned = Object.keys(head.headers).find(
    (name) => name.startsWith("x-amz-") && !claim.signedHeaders.includes(name) && !(claim.presigned && name === PAYLOAD_HEADER),
  );
  if (unsigned !== undefined)
    throw new CloudError("AccessDenied", `There were headers present in the request which were not signed: ${unsigned}`, 403);
  const scope = `${claim.date.slice(0, 8)}/${claim.region}/${claim.service}/aws4_request`;
  const stringToSign = [ALGORITHM, claim.date, scope, sha256(canonicalRequest(head, claim, payloadHash))].join("\n");
  const expected = hmac(signingKey(secret, claim), stringToSign).toString("hex");
  if (!sameSecret(expected, claim.signature)) {
    throw new CloudError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      403,
    );
  }
}

function checkTime(claim: Claim, now: number): void {
  const signed = Date.parse(claim.date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  const minutes = claim.service === "s3" ? MAX_SKEW_MINUTES.s3 : MAX_SKEW_MINUTES.others;
  if (signed - now > minutes * MINUTE || (!claim.presigned && now - signed > minutes * MINUTE)) {
    throw skewed(claim, signed, now, minutes);
  }
  if (!claim.presigned) return;
  const week = 7 * 24 * 60 * 60;
  if (!(claim.lifetime >= 1 && claim.lifetime <= week)) throw incomplete("X-Amz-Expires must be between 1 and 604800 seconds");
  if (now > signed + claim.lifetime * 1000) throw new CloudError("AccessDenied", "Request has expired", 403);
}

function skewed(claim: Claim, signed: number, now: number, minutes: number): CloudError {
  if (claim.service === "s3") {
    return new CloudError(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      403,
    );
  }
  const [late, sign] = signed < now ? ["Signature expired", "-"] : ["Signature not yet current", "+"];
  const bound = compact(now + (signed < now ? -minutes : minutes) * MINUTE);
  const relation = signed < now ? "is now earlier than" : "is still later than";
  return new CloudError(
    "SignatureDoesNotMatch",
    `${late}: ${claim.date} ${relation} ${bound} (${compact(now)} ${sign} ${minutes} min.)`,
    403,
  );
}

/** A moment as signatures write it: `20260301T120000Z`. */
function compact(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d+/g, "");
}

function canonicalRequest(head: SignedHead, claim: Claim, payloadHash: string): string {
  // S3 signs the path as it is sent; every other service signs each segment encoded once more.
  const path = claim.service === "s3" ? head.path : head.path.split("/").map(encode).join("/");
  const headers = claim.signedHeaders
    .map((name) => `${name}:${(head.headers[name] ?? "").trim().replace(/\s+/g, " ")}\n`)
    .join("");
  return [
    head.method,
    path === "" ? "/" : path,
    canonicalQuery(head.query),
    headers,
    claim.signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
}

function canonicalQuery(query: string): string {
  const pairs = query.split("&").filter((pair) => pair !== "");
  return pairs
    .map((pair) => {
      const at = pair.indexOf("=");
      const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      return [encode(decode(name)), encode(decode(value))] as const;
    })
    .filter(([name]) => name !== "X-Amz-Signature")
    .sort(([a, x], [b, y]) => order(a, b) || order(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new CloudError("MalformedQueryString", `The query string contains a syntax error: ${text}`);
  }
}

function signingKey(secret: string, claim: Claim): Buffer {
  return [claim.date.slice(0, 8), claim.region, claim.service, "aws4_request"].reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${secret}`),
  );
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

interface Fields {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
}

function fieldsOf(query: URLSearchParams): Fields {
  if (query.get("X-Amz-Algorithm") !== ALGORITHM) throw incomplete(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
  const field = (name: string): string => query.get(name) ?? "";
  return {
    credential: field("X-Amz-Credential"),
    signedHeaders: field("X-Amz-SignedHeaders"),
    signature: field("X-Amz-Signature"),
  };
}

function fieldsOfHeader(authorization: string): Fields {
  const found = /^AWS4-HMAC-SHA256 +Credential=([^, ]+), *SignedHeaders=([^, ]+), *Signature=([0-9a-f]+)$/.exec(authorization);
  if (found === null)
    throw incomplete(
      "The authorization header is malformed: it must be AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=....",
    );
  const [, credential = "", signedHeaders = "", signature = ""] = found;
  return { credential, signedHeaders, signature };
}

function incomplete(message: string): CloudError {
  return new CloudError("IncompleteSignature", message, 400);
}
