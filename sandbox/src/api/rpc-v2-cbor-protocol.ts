import { CloudError } from "../core/definition.ts";
import type { Props, Value } from "../core/values.ts";
import type { Answer } from "./http.ts";
import { jsonErrorCode, perform, queryErrorHeader, requireOperation, statusOf, type QueryCodes } from "./json-protocol.ts";
import type { ApiCall, Operations } from "./operation.ts";

/** A service that speaks Smithy's RPC v2 with CBOR. */
export interface CborService {
  readonly operations: Operations;
  /** Output members that are times: operations give them in seconds since the epoch, and CBOR tags them as such. */
  readonly timestamps: ReadonlySet<string>;
}

const HEADERS = { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };

/** CBOR's tag for seconds since the epoch (RFC 8949, 3.4.2). */
const EPOCH_TAG = 1;

/** Whether a request is in this protocol. */
export function speaksCbor(headers: Readonly<Record<string, string>>): boolean {
  return headers["smithy-protocol"] === "rpc-v2-cbor";
}

/** The operation that a path `/service/<name>/operation/<operation>` names; empty for another path. */
export function operationOfPath(path: string): string {
  return /\/service\/[^/]+\/operation\/([^/]+)$/.exec(path)?.[1] ?? "";
}

/** Answers an RPC v2 CBOR call. Source: Smithy 2.0, "Smithy RPC v2 CBOR protocol". */
export async function answerCbor(
  { operations, timestamps }: CborService,
  path: string,
  body: Buffer,
  call: Omit<ApiCall, "input">,
): Promise<Answer> {
  const operation = requireOperation(operations, operationOfPath(path));
  const result = await perform(operation, { ...call, input: await parse(body) }, "AccessDeniedException");
  return { status: 200, headers: HEADERS, body: await written(result, timestamps) };
}

/** An error in this protocol. */
export async function cborError(error: CloudError, queryCodes?: QueryCodes): Promise<Answer> {
  const code = jsonErrorCode(error);
  return {
    status: statusOf(error),
    headers: { ...HEADERS, ...queryErrorHeader(error, queryCodes) },
    body: await written({ __type: code, message: error.message }, new Set()),
  };
}

// Loaded when a client speaks CBOR, which those in JavaScript do not: the codec brings much of the SDK's core with it.
async function codec(): Promise<typeof import("@smithy/core/cbor")> {
  return import("@smithy/core/cbor");
}

async function parse(body: Buffer): Promise<Props> {
  const { cbor } = await codec();
  let input: unknown = {};
  try {
    if (body.length > 0) input = cbor.deserialize(body);
  } catch {
    input = undefined;
  }
  const value = plain(input);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new CloudError("SerializationException", "The request's body is not a CBOR map.");
}

/** What was read, as operations take it: a tagged time becomes its seconds, a large integer a number, bytes base64. */
function plain(value: unknown): Value | undefined {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map((item) => plain(item) ?? null);
  if (typeof value !== "object" || value === null) return value as Value | undefined;
  if ("tag" in value && "value" in value && value.tag === EPOCH_TAG) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

async function written(result: Props, timestamps: ReadonlySet<string>): Promise<Uint8Array> {
  const { cbor, tag } = await codec();
  const time = (value: Value): unknown => (Array.isArray(value) ? value.map(time) : tag({ tag: EPOCH_TAG, value }));
  const shaped = (value: Value): unknown => {
    if (Array.isArray(value)) return value.map(shaped);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).flatMap(([name, item]) =>
      item === undefined ? [] : [[name, timestamps.has(name) ? time(item) : shaped(item)] as const],
    );
    return Object.fromEntries(entries);
  };
  return cbor.serialize(shaped(result));
}
