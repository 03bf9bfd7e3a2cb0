import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { IncomingHttpHeaders } from "node:http";

const brotliOf = promisify(brotliCompress);
const gzipOf = promisify(gzip);

/** Bytes that are worth it, and that are not too many. Source: CloudFront developer guide, "Serve compressed files". */
const [LEAST, MOST] = [1000, 10_000_000];

/** What CloudFront compresses. Source: the same, "File types that CloudFront compresses"; the general kinds of it. */
const TYPES =
  /^(text\/|application\/(javascript|json|xml|x-javascript|xhtml\+xml|rss\+xml|vnd\.api\+json|vnd\.ms-fontobject|opentype|otf|ttf|wasm|eot|font|graphql|manifest\+json|x-font-(opentype|truetype|ttf))|font\/(eot|ttf|otf|opentype)|image\/(svg\+xml|x-icon|vnd\.microsoft\.icon))/i;

/** The answer compressed for clients that take one of these encodings (`br,gzip`); undefined where it stays as it is. */
export async function compressed(
  status: number,
  headers: IncomingHttpHeaders,
  body: Buffer,
  accepted: string,
): Promise<{ readonly headers: IncomingHttpHeaders; readonly body: Buffer } | undefined> {
  const [encoding = ""] = accepted.split(",");
  const isFit = status === 200 && body.length >= LEAST && body.length <= MOST && TYPES.test(headers["content-type"] ?? "");
  if (encoding === "" || !isFit || headers["content-encoding"] !== undefined) return undefined;
  const packed =
    encoding === "br" ? await brotliOf(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }) : await gzipOf(body);
  const { etag } = headers;
  return {
    body: packed,
    headers: {
      ...headers,
      "content-encoding": encoding,
      vary: headers.vary === undefined ? "Accept-Encoding" : headers.vary,
      // Other bytes of the same content: the validator is a weak one now.
      ...(etag !== undefined && { etag: etag.startsWith("W/") ? etag : `W/${etag}` }),
    },
  };
}
