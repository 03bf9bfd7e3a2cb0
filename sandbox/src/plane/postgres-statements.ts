import { createHash } from "node:crypto";
import type { PostgresBackend } from "./postgres-backend.ts";
import { message, type Message, textAt } from "./postgres-messages.ts";

/** Answers to be had for what was sent up to one Sync or Query, in order. */
interface Segment {
  /** Statements of Parse messages, and whether the proxy sent them by itself, so that the answer is its own. */
  readonly parses: { readonly name: string; readonly own: boolean }[];
  /** The same of Close messages. */
  readonly closes: { readonly own: boolean }[];
}

/** A name that no statement has: closing it is always well. */
const NOWHERE = "rdsproxy_none";

/**
 * The prepared statements of a session, which move with it from one connection to the next: a statement that the connection lacks is parsed there before it is
 * used. On a connection they are named by what they say, so that sessions share them. Statements without a name live as long as what is sent in one go.
 */
export class PreparedStatements {
  /** What each is parsed from, without its name. */
  private readonly named = new Map<string, Buffer>();
  private readonly segments: Segment[] = [{ parses: [], closes: [] }];

  /** What to send instead of a client's message. */
  outgoing({ type, body, bytes }: Message, backend: PostgresBackend): Buffer {
    if (type === "P") return this.parse(body, bytes, backend);
    if (type === "B") return this.bind(body, bytes, backend);
    if (type === "D" && body[0] === 0x53) return this.describe(body, bytes, backend);
    if (type === "C") return this.close(body, bytes);
    if (type === "S" || type === "Q" || type === "F") this.segments.push({ parses: [], closes: [] });
    return bytes;
  }

  /** Whether a server's message is for the client; notes what it tells. */
  isForClient({ type }: Message, backend: PostgresBackend): boolean {
    const [segment] = this.segments;
    if (type === "1") return segment?.parses.shift()?.own !== true;
    if (type === "3") return segment?.closes.shift()?.own !== true;
    if (type === "Z") {
      // What was to be parsed after an error never was.
      for (const { name } of this.segments.shift()?.parses ?? []) backend.statements.delete(name);
    }
    return true;
  }

  private get current(): Segment {
    const last = this.segments.at(-1);
    if (last !== undefined) return last;
    const fresh: Segment = { parses: [], closes: [] };
    this.segments.push(fresh);
    return fresh;
  }

  private parse(body: Buffer, bytes: Buffer, backend: PostgresBackend): Buffer {
    const name = textAt(body);
    if (name === "") {
      this.current.parses.push({ name, own: false });
      return bytes;
    }
    const rest = body.subarray(Buffer.byteLength(name) + 1);
    this.named.set(name, rest);
    const shared = sharedName(rest);
    const parts: Buffer[] = [];
    if (backend.statements.has(shared)) {
      this.current.closes.push({ own: true });
      parts.push(message("C", `S${shared}\0`));
    }
    backend.statements.add(shared);
    this.current.parses.push({ name: shared, own: false });
    return Buffer.concat([...parts, message("P", `${shared}\0`, rest)]);
  }

  private bind(body: Buffer, bytes: Buffer, backend: PostgresBackend): Buffer {
    const portal = textAt(body);
    const from = Buffer.byteLength(portal) + 1;
    const name = textAt(body, from);
    const rest = body.subarray(from + Buffer.byteLength(name) + 1);
    return this.using(name, backend, (shared) => message("B", `${portal}\0${shared}\0`, rest)) ?? bytes;
  }

  private describe(body: Buffer, bytes: Buffer, backend: PostgresBackend): Buffer {
    return this.using(textAt(body, 1), backend, (shared) => message("D", `S${shared}\0`)) ?? bytes;
  }

  private close(body: Buffer, bytes: Buffer): Buffer {
    this.current.closes.push({ own: false });
    const name = textAt(body, 1);
    // The connection keeps it for others.
    return body[0] === 0x53 && this.named.delete(name) ? message("C", `S${NOWHERE}\0`) : bytes;
  }

  /** A message that uses a statement, after the one that parses it where the connection lacks it; undefined for a statement that is none of these. */
  private using(name: string, backend: PostgresBackend, use: (shared: string) => Buffer): Buffer | undefined {
    const rest = this.named.get(name);
    if (rest === undefined) return undefined;
    const shared = sharedName(rest);
    if (backend.statements.has(shared)) return use(shared);
    backend.statements.add(shared);
    this.current.parses.push({ name: shared, own: true });
    return Buffer.concat([message("P", `${shared}\0`, rest), use(shared)]);
  }
}

function sharedName(rest: Buffer): string {
  return `rdsproxy_${createHash("sha256").update(rest).digest("hex").slice(0, 24)}`;
}
