import { createHash, type Hash } from "node:crypto";
import { CloudError } from "../../core/definition.ts";
import { ChunkedDecoder } from "./aws-chunked.ts";
import { removeBlobs, writeBlob, type WrittenBlob } from "./blobs.ts";
import { checksumNamed, type Checksum } from "./checksums.ts";
import type { S3Call } from "./call.ts";

/** An upload on disk, and the checksum headers it came with, proved. */
export interface ReceivedBody {
  readonly blob: WrittenBlob;
  readonly checksums: Record<string, string>;
}

const MAX_OBJECT = 5 * 1024 ** 3;

/**
 * Streams the body of an upload to disk and proves everything the client said about it: the hash it signed, Content-MD5, Content-Length, and the
 * `x-amz-checksum-*` of the headers or the trailer. Nothing is left on disk when one of them does not fit.
 * `also` names a checksum to compute whether or not the client sent one.
 */
export async function receiveBody(call: S3Call, also?: string): Promise<ReceivedBody> {
  const { head, declared } = call;
  requireLength(head.headers);
  if (declared.startsWith("STREAMING-AWS4-")) {
    throw new CloudError(
      "NotImplemented",
      `A header you provided implies functionality that is not implemented: x-amz-content-sha256: ${declared}`,
      501,
    );
  }
  const decoder = declared.startsWith("STREAMING-") ? new ChunkedDecoder() : undefined;
  const sha256 = createHash("sha256");
  const sums = watched(head.headers, also);
  const blob = await writeBlob(call.cloud.home, pieces(call, decoder, sha256, sums));
  try {
    decoder?.finish();
    return { blob, checksums: prove(call, blob, sha256, sums, decoder?.trailers ?? new Map<string, string>()) };
  } catch (error) {
    await removeBlobs(call.cloud.home, [blob.id]);
    throw error;
  }
}

/** S3 wants to know the size beforehand, so what is too large is refused before it is sent. */
function requireLength(headers: Readonly<Record<string, string>>): void {
  const length = headers["x-amz-decoded-content-length"] ?? headers["content-length"];
  if (length === undefined) throw new CloudError("MissingContentLength", "You must provide the Content-Length HTTP header.", 411);
  if (Number(length) > MAX_OBJECT) throw tooLarge();
}

function tooLarge(): CloudError {
  return new CloudError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
}

async function* pieces(
  call: S3Call,
  decoder: ChunkedDecoder | undefined,
  sha256: Hash,
  sums: ReadonlyMap<string, Checksum>,
): AsyncGenerator<Buffer> {
  let size = 0;
  // The connection outlives a refusal, or the client would never read it.
  for await (const piece of call.request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    for (const data of decoder === undefined ? [piece] : decoder.decode(piece)) {
      size += data.length;
      if (size > MAX_OBJECT) throw tooLarge();
      sha256.update(data);
      for (const sum of sums.values()) sum.update(data);
      yield data;
    }
  }
}

/** The checksums to compute: those given in a header, the one announced for the trailer, and the one wanted anyway. */
function watched(headers: Readonly<Record<string, string>>, also: string | undefined): Map<string, Checksum> {
  const announced = (headers["x-amz-trailer"] ?? "").split(",").map((name) => name.trim().toLowerCase());
  const given = [...Object.keys(headers), ...announced].flatMap((name) => /^x-amz-checksum-(.+)$/.exec(name)?.[1] ?? []);
  const names = given.filter((name) => !["algorithm", "mode", "type"].includes(name));
  return new Map([...names, ...(also === undefined ? [] : [also])].map((name) => [name, checksumNamed(name)]));
}

function prove(
  call: S3Call,
  blob: WrittenBlob,
  sha256: Hash,
  sums: ReadonlyMap<string, Checksum>,
  trailers: ReadonlyMap<string, string>,
): Record<string, string> {
  const { head, declared } = call;
  const length = head.headers["x-amz-decoded-content-length"] ?? head.headers["content-length"];
  if (length !== undefined && Number(length) !== blob.size) {
    throw new CloudError("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header");
  }
  if (/^[0-9a-f]{64}$/.test(declared) && sha256.digest("hex") !== declared) {
    throw new CloudError(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  const md5 = head.headers["content-md5"];
  if (md5 !== undefined && md5 !== Buffer.from(blob.md5, "hex").toString("base64")) {
    throw new CloudError("BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  const proved: Record<string, string> = {};
  for (const [name, sum] of sums) {
    const header = `x-amz-checksum-${name}`;
    const computed = sum.digest();
    const said = head.headers[header] ?? trailers.get(header);
    const announced = (head.headers["x-amz-trailer"] ?? "").toLowerCase().includes(header);
    if (said === undefined ? announced : said !== computed) {
      throw new CloudError("BadDigest", `The ${name.toUpperCase()} you specified did not match the calculated checksum.`);
    }
    proved[header] = computed;
  }
  return proved;
}
