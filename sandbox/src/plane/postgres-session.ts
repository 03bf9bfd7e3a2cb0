import type { Socket } from "node:net";
import type { PostgresBackend } from "./postgres-backend.ts";
import { errorResponse, type Message, MessageReader, textAt } from "./postgres-messages.ts";
import { pinReason } from "./postgres-pinning.ts";
import { BorrowTimeout, type PoolKey, type PostgresPool } from "./postgres-pool.ts";
import { PreparedStatements } from "./postgres-statements.ts";

/** What a session tells of itself. */
export interface SessionEvents {
  /** A query has come. */
  readonly onQuery: () => void;
  /** A connection was borrowed, after so many milliseconds. */
  readonly onBorrow: (milliseconds: number) => void;
  /** The session keeps its connection from now on. */
  readonly onPin: (reason: string) => void;
  readonly now: () => number;
}

/**
 * A client that has logged in. It has a connection of the pool from the first message of a transaction to its end; where it leaves something behind in the
 * connection's session it keeps it until it goes.
 */
export class PostgresSession {
  private readonly client: Socket;
  private readonly pool: PostgresPool;
  private readonly key: PoolKey;
  private readonly events: SessionEvents;
  private readonly fromClient = new MessageReader();
  private readonly waiting: Message[] = [];
  private readonly statements = new PreparedStatements();
  private backend: PostgresBackend | undefined;
  private detach: () => void = () => undefined;
  private pinned = false;
  /** Answers that end with ReadyForQuery and have not come. */
  private outstanding = 0;
  /** Whether something was sent after the last Sync: its answers end with the next one. */
  private unsynced = false;
  private working = false;
  private ended = false;

  constructor(client: Socket, pool: PostgresPool, key: PoolKey, events: SessionEvents) {
    this.client = client;
    this.pool = pool;
    this.key = key;
    this.events = events;
  }

  /** Whether it keeps its connection until it goes. */
  get isPinned(): boolean {
    return this.pinned && this.backend !== undefined;
  }

  /** Begins with what the client has sent already. */
  start(first: Buffer): void {
    this.client.on("data", (chunk: Buffer) => {
      this.take(chunk);
    });
    this.client.once("close", () => {
      this.end();
    });
    if (first.length > 0) this.take(first);
    this.client.resume();
  }

  private take(chunk: Buffer): void {
    try {
      this.waiting.push(...this.fromClient.take(chunk));
    } catch (error) {
      this.fail("08P01", messageOf(error));
      return;
    }
    if (!this.working) void this.work();
  }

  private async work(): Promise<void> {
    this.working = true;
    let corked: PostgresBackend | undefined;
    try {
      for (let next = this.waiting.shift(); next !== undefined && !this.ended; next = this.waiting.shift()) {
        if (next.type === "X") {
          this.client.end();
          break;
        }
        const backend = this.backend ?? (await this.borrow());
        if (backend === undefined) break;
        if (corked === undefined) {
          // What came in one piece leaves in one: a query is five messages.
          backend.stream.cork();
          corked = backend;
        }
        this.send(next, backend);
      }
    } finally {
      corked?.stream.uncork();
      this.working = false;
    }
  }

  private async borrow(): Promise<PostgresBackend | undefined> {
    this.client.pause();
    const began = this.events.now();
    try {
      const backend = await this.pool.borrow(this.key);
      if (this.ended) {
        this.pool.giveBack(backend);
        return undefined;
      }
      this.events.onBorrow(this.events.now() - began);
      this.attach(backend);
      return backend;
    } catch (error) {
      const code = (error as { readonly code?: unknown }).code;
      this.fail(error instanceof BorrowTimeout ? "53300" : typeof code === "string" ? code : "08006", messageOf(error));
      return undefined;
    } finally {
      this.client.resume();
    }
  }

  private send(next: Message, backend: PostgresBackend): void {
    const { type, body } = next;
    if (type === "Q" || type === "E") this.events.onQuery();
    if (type === "Q") this.look(textAt(body));
    if (type === "P") this.look(textAt(body, body.indexOf(0) + 1));
    const ends = type === "Q" || type === "S" || type === "F";
    if (ends) this.outstanding++;
    this.unsynced = !ends && type !== "d" && type !== "c" && type !== "f";
    if (!backend.stream.write(this.statements.outgoing(next, backend))) {
      this.client.pause();
      backend.stream.once("drain", () => this.client.resume());
    }
  }

  private look(sql: string): void {
    if (this.pinned) return;
    const reason = pinReason(sql);
    if (reason === undefined) return;
    this.pinned = true;
    this.events.onPin(reason);
  }

  private attach(backend: PostgresBackend): void {
    this.backend = backend;
    const reader = new MessageReader();
    const onData = (chunk: Buffer): void => {
      const messages = reader.take(chunk);
      const kept = messages.filter((each) => this.statements.isForClient(each, backend));
      if (kept.length > 0 && !this.client.write(joined(kept))) {
        backend.stream.pause();
        this.client.once("drain", () => backend.stream.resume());
      }
      for (const { type, body } of messages) if (type === "Z") this.settle(backend, String.fromCharCode(body[0] ?? 0));
    };
    const onClose = (): void => {
      this.giveBack(true);
      this.fail("08006", "The connection to the database was lost.");
    };
    backend.stream.on("data", onData);
    backend.stream.once("close", onClose);
    this.detach = () => {
      backend.stream.off("data", onData);
      backend.stream.off("close", onClose);
    };
    backend.stream.resume();
  }

  /** The server is ready for the next query: outside of a transaction others may have the connection. */
  private settle(backend: PostgresBackend, status: string): void {
    this.outstanding--;
    if (this.outstanding > 0 || this.unsynced || status !== "I" || this.pinned || this.backend !== backend) return;
    this.giveBack(false);
  }

  private giveBack(spoilt: boolean): void {
    const { backend } = this;
    if (backend === undefined) return;
    this.backend = undefined;
    this.detach();
    this.pool.giveBack(backend, spoilt);
  }

  private fail(code: string, text: string): void {
    if (this.ended) return;
    this.client.end(errorResponse("FATAL", code, text));
    this.end();
  }

  /** A connection in the middle of something, or that its session has changed, is nobody's any more. */
  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.giveBack(true);
  }
}

/** One piece of the messages, without a copy where they lie beside each other in memory. */
function joined(messages: readonly Message[]): Buffer {
  const [first, last] = [messages[0]?.bytes, messages.at(-1)?.bytes];
  if (first === undefined || last === undefined) return Buffer.alloc(0);
  const length = messages.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const whole = last.byteOffset + last.length - first.byteOffset;
  if (first.buffer === last.buffer && whole === length) return Buffer.from(first.buffer, first.byteOffset, length);
  return Buffer.concat(messages.map(({ bytes }) => bytes));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
