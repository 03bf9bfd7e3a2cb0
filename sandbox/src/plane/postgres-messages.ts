/** One message of the PostgreSQL protocol (postgresql.org/docs/18/protocol-message-formats.html): its type byte, its body, and all of it as it travels. */
export interface Message {
  readonly type: string;
  readonly body: Buffer;
  readonly bytes: Buffer;
}

/** Larger messages than PostgreSQL itself takes (PQ_LARGE_MESSAGE_LIMIT, libpq-be.h) are no messages. */
const LARGEST = 0x3fffffff;

/** Cuts a stream into messages. */
export class MessageReader {
  private rest: Buffer = Buffer.alloc(0);

  /** What of the stream has come and is not yet a whole message. */
  get pending(): Buffer {
    return this.rest;
  }

  /** The messages that are whole with this chunk. Throws where it cannot be a message. */
  take(chunk: Buffer): Message[] {
    let data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const messages: Message[] = [];
    while (data.length >= 5) {
      const length = data.readInt32BE(1);
      if (length < 4 || length > LARGEST) throw new Error(`invalid message length ${String(length)}`);
      if (data.length < length + 1) break;
      const bytes = data.subarray(0, length + 1);
      messages.push({ type: String.fromCharCode(bytes[0] ?? 0), body: bytes.subarray(5), bytes });
      data = data.subarray(length + 1);
    }
    this.rest = data;
    return messages;
  }
}

/** A message as it travels. */
export function message(type: string, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

/** The text that begins at `from` and ends with a zero byte. */
export function textAt(body: Buffer, from = 0): string {
  const end = body.indexOf(0, from);
  return body.toString("utf8", from, end === -1 ? body.length : end);
}

/** An ErrorResponse; `code` is an SQLSTATE. */
export function errorResponse(severity: "ERROR" | "FATAL", code: string, text: string): Buffer {
  return message("E", `S${severity}\0V${severity}\0C${code}\0M${text}\0\0`);
}

/** What a client asks for before it sends messages with a type. */
export type Opening =
  | { readonly kind: "tls" }
  | { readonly kind: "gss" }
  | { readonly kind: "cancel" }
  | { readonly kind: "start"; readonly major: number; readonly minor: number; readonly parameters: ReadonlyMap<string, string> };

const CANCEL = 80_877_102;
const TLS = 80_877_103;
const GSS = 80_877_104;
/** PostgreSQL takes no longer one (MAX_STARTUP_PACKET_LENGTH, pqcomm.h). */
const LONGEST_OPENING = 10_000;

/** The request at the beginning of `data`, and what comes after it; undefined while it is not whole. Throws where it cannot be one. */
export function readOpening(data: Buffer): { readonly opening: Opening; readonly rest: Buffer } | undefined {
  if (data.length < 8) return undefined;
  const length = data.readInt32BE(0);
  if (length < 8 || length > LONGEST_OPENING) throw new Error(`invalid length of startup packet ${String(length)}`);
  if (data.length < length) return undefined;
  const code = data.readInt32BE(4);
  const kind = code === TLS ? "tls" : code === GSS ? "gss" : code === CANCEL ? "cancel" : undefined;
  const rest = data.subarray(length);
  if (kind !== undefined) return { opening: { kind }, rest };
  const words = data.toString("utf8", 8, length).split("\0");
  const parameters = new Map<string, string>();
  for (let at = 0; at + 1 < words.length && words[at] !== ""; at += 2) parameters.set(words[at] ?? "", words[at + 1] ?? "");
  return { opening: { kind: "start", major: code >>> 16, minor: code & 0xffff, parameters }, rest };
}
