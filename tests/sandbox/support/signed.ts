import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { request } from "node:http";
import type { ClientConfig } from "./api.ts";

/** A request as it goes over the wire, for what no SDK would send. */
export interface RawRequest {
  readonly method: string;
  /** Percent-encoded, as S3 wants it signed. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Signed along with the host and the date. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, in the pieces in which it is written. @default - none */
  readonly body?: readonly (string | Uint8Array)[];
  /** What is signed in place of the body. @default UNSIGNED-PAYLOAD */
  readonly payload?: string;
  /** @default s3 */
  readonly service?: string;
  /** @default now */
  readonly date?: Date;
}

/** What came back. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The text of the element `Code`, or the `__type` of a JSON error; empty where there is none. */
  readonly code: string;
}

/** Signs a request as an SDK would, and sends it as it is. */
export async function sendSigned(config: ClientConfig, raw: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(config.endpoint);
  const { service = "s3", payload = "UNSIGNED-PAYLOAD" } = raw;
  const signer = new SignatureV4({
    service,
    region: config.region,
    credentials: config.credentials,
    sha256: Sha256,
    uriEscapePath: service !== "s3",
  });
  const { headers } = await signer.sign(
    {
      method: raw.method,
      protocol: "http:",
      hostname,
      port: Number(port),
      path: raw.path,
      query: { ...raw.query },
      headers: { host: `${hostname}:${port}`, "x-amz-content-sha256": payload, ...raw.headers },
    },
    { signingDate: raw.date ?? new Date() },
  );
  const query = Object.entries(raw.query ?? {}).map((pair) => pair.map(encodeURIComponent).join("="));
  return send(config, raw, `${raw.path}${query.length === 0 ? "" : `?${query.join("&")}`}`, headers);
}

/** Sends a request that nobody signed, or that carries its signature in the path. */
export function send(
  config: Pick<ClientConfig, "endpoint">,
  raw: Pick<RawRequest, "method" | "body">,
  path: string,
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(config.endpoint);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method: raw.method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        const code = /<Code>(.*?)<\/Code>|"__type":"(.*?)"/.exec(body);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, code: code?.[1] ?? code?.[2] ?? "" });
      });
    });
    outgoing.on("error", reject);
    for (const piece of raw.body ?? []) outgoing.write(piece);
    outgoing.end();
  });
}
