import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { DiskSync } from "./disk-sync.ts";

/** An attribute of a message, as its sender gave it; binary values are base64. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, with a label of the sender's after a dot if he likes. */
  readonly type: string;
  readonly value: string;
}

/** A message that goes into a queue. Times are milliseconds since the epoch. */
export interface NewMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** `AWSTraceHeader`, where the sender gave one. */
  readonly trace: string;
  readonly sender: string;
  readonly sent: number;
  /** When it came into this queue; later than `sent` in a dead-letter queue. */
  readonly entered: number;
  /** Nobody receives it before. */
  readonly visible: number;
  readonly receives: number;
  /** 0 while nobody has received it. */
  readonly firstReceived: number;
  /** Message group; empty for none. */
  readonly groupId: string;
  /** FIFO: deduplication id. */
  readonly dedupId: string;
  /** The dead-letter queue's source: the ARN of the queue in which it failed. */
  readonly origin: string;
}

/** A message in a queue. */
export interface Message extends NewMessage {
  /** Grows with each message that comes into any queue; the order of delivery. */
  readonly seq: number;
  /** ARN. */
  readonly queue: string;
  /** What the last receipt handle holds; empty while it was not received in this queue. */
  readonly receipt: string;
}

/** How many messages a queue has, by what they wait for. */
export interface Counts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

const COLUMNS =
  "queue, id, body, attributes, trace, sender, sent, entered, visible, receives, firstReceived, groupId, dedupId, origin, receipt";

/**
 * The messages of all queues in one SQLite file. A change is there after a kill -9 when its call returns, and after a loss of power when {@link settle} has
 * resolved. Queues are named by their ARNs.
 */
export class MessageStore {
  private readonly database: DatabaseSync;
  private readonly disk: DiskSync;
  private depth = 0;

  constructor(home: string) {
    const folder = join(home, "sqs");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, "messages.db");
    this.database = new DatabaseSync(file);
    this.disk = new DiskSync(`${file}-wal`);
    this.database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS message (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL,
        trace TEXT NOT NULL, sender TEXT NOT NULL, sent INTEGER NOT NULL, entered INTEGER NOT NULL, visible INTEGER NOT NULL,
        receives INTEGER NOT NULL, firstReceived INTEGER NOT NULL, groupId TEXT NOT NULL, dedupId TEXT NOT NULL, origin TEXT NOT NULL,
        receipt TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS message_by_queue ON message (queue, seq);
      CREATE INDEX IF NOT EXISTS message_by_time ON message (queue, visible);
      CREATE INDEX IF NOT EXISTS message_by_age ON message (queue, sent);
      CREATE INDEX IF NOT EXISTS message_by_group ON message (queue, groupId, seq) WHERE groupId <> '';
      CREATE TABLE IF NOT EXISTS sent_once (queue TEXT NOT NULL, scope TEXT NOT NULL, dedupId TEXT NOT NULL, until INTEGER NOT NULL, id TEXT NOT NULL,
        seq INTEGER NOT NULL, PRIMARY KEY (queue, scope, dedupId)) WITHOUT ROWID;`);
  }

  /** Resolves when all changes up to now are on the disk. */
  settle(): Promise<void> {
    return this.disk.settle();
  }

  close(): void {
    this.disk.close();
    this.database.close();
  }

  /** Runs `work` as one change: all of it is on disk, or none. May be nested. */
  change<T>(work: () => T): T {
    if (this.depth > 0) return work();
    this.database.exec("BEGIN IMMEDIATE");
    this.depth++;
    try {
      const result = work();
      this.database.exec("COMMIT");
      return result;
    } catch (error) {
      // SQLite has ended the change by itself after some errors, such as a full disk.
      if (this.database.isTransaction) this.database.exec("ROLLBACK");
      throw error;
    } finally {
      this.depth--;
    }
  }

  /** Puts a message at the end of a queue, and returns its number. */
  add(queue: string, message: NewMessage): number {
    const { attributes, ...rest } = message;
    const values: Record<string, SQLInputValue> = { ...rest, queue, attributes: JSON.stringify(attributes), receipt: "" };
    const names = COLUMNS.split(", ");
    const { lastInsertRowid } = this.database
      .prepare(`INSERT INTO message (${COLUMNS}) VALUES (${names.map((name) => `:${name}`).join(", ")})`)
      .run(values);
    return Number(lastInsertRowid);
  }

  /**
   * Messages that may be received at `now`, in the order of delivery. In a FIFO queue a group gives out nothing while one of its messages is in flight,
   * and nothing past a message that is still delayed.
   */
  receivable(queue: string, now: number, limit: number, isFifo: boolean): Message[] {
    const inOrder = `AND NOT EXISTS (
      SELECT 1 FROM message other WHERE other.queue = message.queue AND other.groupId = message.groupId AND other.groupId <> '' AND other.visible > :now
        AND (other.receipt <> '' OR other.seq < message.seq))`;
    return this.read(
      `SELECT * FROM message WHERE queue = :queue AND visible <= :now ${isFifo ? inOrder : ""} ORDER BY seq LIMIT :limit`,
      { queue, now, limit },
    );
  }

  /** Marks a message as received: hidden until `visible`, with a receipt of its own. */
  hide(seq: number, visible: number, receipt: string, now: number): void {
    this.database
      .prepare(
        `UPDATE message SET visible = ?, receipt = ?, receives = receives + 1, firstReceived = CASE firstReceived WHEN 0 THEN ? ELSE firstReceived END WHERE seq = ?`,
      )
      .run(visible, receipt, now, seq);
  }

  show(seq: number, visible: number): void {
    this.database.prepare("UPDATE message SET visible = ? WHERE seq = ?").run(visible, seq);
  }

  get(seq: number): Message | undefined {
    return this.read("SELECT * FROM message WHERE seq = :seq", { seq })[0];
  }

  delete(seq: number): void {
    this.database.prepare("DELETE FROM message WHERE seq = ?").run(seq);
  }

  /** Forgets what was sent before that time. */
  expire(queue: string, sentBefore: number): void {
    this.database.prepare("DELETE FROM message WHERE queue = ? AND sent < ?").run(queue, sentBefore);
  }

  /** Empties a queue. */
  purge(queue: string): void {
    this.database.prepare("DELETE FROM message WHERE queue = ?").run(queue);
  }

  /** Forgets everything of a queue. */
  drop(queue: string): void {
    this.change(() => {
      this.purge(queue);
      this.database.prepare("DELETE FROM sent_once WHERE queue = ?").run(queue);
    });
  }

  counts(queue: string, now: number): Counts {
    const row = this.database
      .prepare(
        `SELECT count(*) FILTER (WHERE visible <= :now) AS visible, count(*) FILTER (WHERE visible > :now AND receipt <> '') AS inFlight,
           count(*) FILTER (WHERE visible > :now AND receipt = '') AS delayed FROM message WHERE queue = :queue`,
      )
      .get({ queue, now });
    return { visible: Number(row?.["visible"]), inFlight: Number(row?.["inFlight"]), delayed: Number(row?.["delayed"]) };
  }

  /** How many groups of a FIFO queue have a message in flight. */
  groupsInFlight(queue: string, now: number): number {
    const row = this.database
      .prepare("SELECT count(DISTINCT groupId) AS groups FROM message WHERE queue = ? AND visible > ? AND receipt <> ''")
      .get(queue, now);
    return Number(row?.["groups"]);
  }

  /** When the oldest message came into the queue; undefined for an empty one. */
  oldest(queue: string): number | undefined {
    const row = this.database.prepare("SELECT min(entered) AS entered FROM message WHERE queue = ?").get(queue);
    return typeof row?.["entered"] === "number" ? row["entered"] : undefined;
  }

  /** When the next message that is hidden now will be seen. */
  nextVisible(queue: string, now: number): number | undefined {
    const row = this.database.prepare("SELECT min(visible) AS at FROM message WHERE queue = ? AND visible > ?").get(queue, now);
    return typeof row?.["at"] === "number" ? row["at"] : undefined;
  }

  /** The message that was sent under a deduplication id, while that counts. */
  sentOnce(
    queue: string,
    scope: string,
    dedupId: string,
    now: number,
  ): { readonly id: string; readonly seq: number } | undefined {
    const row = this.database
      .prepare("SELECT id, seq FROM sent_once WHERE queue = ? AND scope = ? AND dedupId = ? AND until > ?")
      .get(queue, scope, dedupId, now);
    return row === undefined ? undefined : { id: String(row["id"]), seq: Number(row["seq"]) };
  }

  rememberSent(
    queue: string,
    scope: string,
    dedupId: string,
    sent: { readonly until: number; readonly id: string; readonly seq: number },
  ): void {
    this.database
      .prepare("INSERT OR REPLACE INTO sent_once (queue, scope, dedupId, until, id, seq) VALUES (?, ?, ?, ?, ?, ?)")
      .run(queue, scope, dedupId, sent.until, sent.id, sent.seq);
  }

  /** Forgets deduplication ids that count no more. */
  forgetSent(now: number): void {
    this.database.prepare("DELETE FROM sent_once WHERE until <= ?").run(now);
  }

  private read(sql: string, values: Record<string, SQLInputValue>): Message[] {
    return this.database
      .prepare(sql)
      .all(values)
      .map((row) => ({
        ...(row as unknown as Message),
        attributes: JSON.parse(row["attributes"] as string) as Message["attributes"],
      }));
  }
}
