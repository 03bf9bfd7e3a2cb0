import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import { CloudError } from "../core/definition.ts";
import type { SignedHead } from "./sigv4.ts";

/** The largest body of a call that is not an S3 object; Secrets Manager and the others take far less. */
const MAX_BODY = 8 * 1024 * 1024;

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The signed part of a request: path and query exactly as sent. */
export function headOf(request: IncomingMessage): SignedHead {
  const target = request.url ?? "/";
  const at = target.indexOf("?");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  return {
    method: request.method ?? "GET",
    path: at < 0 ? target : target.slice(0, at),
    query: at < 0 ? "" : target.slice(at + 1),
    headers,
  };
}

/** Reads a whole body into memory. Throws `RequestEntityTooLarge` beyond 8 MiB. */
export async function readBody(request: IncomingMessage, limit = MAX_BODY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The connection outlives a refusal, or the client would never read it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new CloudError("RequestEntityTooLarge", `The request is larger than ${limit} bytes.`, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body as it was before the client compressed it (PutMetricData, from 10 KiB on). Throws `RequestEntityTooLarge` beyond 8 MiB. */
export function unpacked(body: Buffer, headers: Readonly<Record<string, string>>, limit = MAX_BODY): Buffer {
  if (headers["content-encoding"] !== "gzip") return body;
  try {
    return gunzipSync(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw new CloudError("RequestEntityTooLarge", `The request is larger than ${limit} bytes when unpacked.`, 413);
    throw new CloudError("SerializationException", "The request's body is not what its Content-Encoding says: gzip.");
  }
}

/** SHA-256 in hexadecimal digits, as requests are signed with. */
export function sha256Hex(data: Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Sends an answer with its request id. */
export function send(response: ServerResponse, answer: Answer, requestId: string): void {
  const body = answer.body ?? "";
  response.writeHead(answer.status, {
    "x-amzn-requestid": requestId,
    "x-amz-request-id": requestId,
    "content-length": Buffer.byteLength(body),
    ...answer.headers,
  });
  response.end(body);
}
