import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { atOnce } from "./at-once.ts";

/** What a group may take on this disk; beyond it the oldest events go. */
const MAX_GROUP_BYTES = 64 * 1024 * 1024;
/** What CloudWatch counts for an event besides its message. Source: PutLogEvents, "26 bytes for each log event". */
const OVERHEAD = 26;

/** One line of a log. Times are milliseconds since the epoch. */
export interface LogEvent {
  readonly id: number;
  readonly stream: string;
  readonly at: number;
  /** When it was taken in. */
  readonly taken: number;
  readonly message: string;
}

/** A log stream as DescribeLogStreams shows it. */
export interface LogStreamInfo {
  readonly name: string;
  readonly created: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly taken: number | undefined;
}

/** Which events to read; `after` is the id of the last one already seen (or, backwards, the first). */
export interface EventQuery {
  readonly streams?: readonly string[] | undefined;
  readonly from?: number | undefined;
  /** Not included. */
  readonly to?: number | undefined;
  readonly limit: number;
  /** Stops once so many bytes have been read, after one event at least. @default - no limit */
  readonly bytes?: number;
  readonly newestFirst?: boolean;
  readonly after?: { readonly at: number; readonly id: number } | undefined;
}

/** The lines of all log groups in one SQLite file. A group is named by `<region>/<name>`. */
export class LogStore {
  private readonly database: DatabaseSync;
  private readonly sizes = new Map<string, number>();
  private readonly limit: number;

  constructor(home: string, limit = MAX_GROUP_BYTES) {
    this.limit = limit;
    const folder = join(home, "cloudwatch");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.database = new DatabaseSync(join(folder, "logs.db"));
    this.database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS stream (grp TEXT NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL, PRIMARY KEY (grp, name)) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS event (
        id INTEGER PRIMARY KEY AUTOINCREMENT, grp TEXT NOT NULL, stream TEXT NOT NULL, at INTEGER NOT NULL, taken INTEGER NOT NULL, message TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS event_by_time ON event (grp, at, id);
      CREATE INDEX IF NOT EXISTS event_by_stream ON event (grp, stream, at, id);`);
    const sizes = this.database
      .prepare(`SELECT grp, sum(octet_length(message) + ${String(OVERHEAD)}) AS size FROM event GROUP BY grp`)
      .all();
    for (const row of sizes) this.sizes.set(row["grp"] as string, row["size"] as number);
  }

  /** Stores events and makes their streams where they are missing; on disk (but for a power cut) when it returns. */
  append(group: string, events: readonly Omit<LogEvent, "id">[]): void {
    const insert = this.database.prepare("INSERT INTO event (grp, stream, at, taken, message) VALUES (?, ?, ?, ?, ?)");
    const added = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + OVERHEAD, 0);
    const size = this.size(group) + added;
    const freed = atOnce(this.database, () => {
      for (const [stream, { taken }] of new Map(events.map((event) => [event.stream, event])))
        this.createStream(group, stream, taken);
      for (const { stream, at, taken, message } of events) insert.run(group, stream, at, taken, message);
      return size > this.limit ? this.shrink(group, size) : 0;
    });
    this.sizes.set(group, size - freed);
  }

  /** Whether the stream was made by this call. */
  createStream(group: string, name: string, now: number): boolean {
    return this.database.prepare("INSERT OR IGNORE INTO stream VALUES (?, ?, ?)").run(group, name, now).changes > 0;
  }

  deleteStream(group: string, name: string): void {
    const freed = atOnce(this.database, () => {
      this.database.prepare("DELETE FROM stream WHERE grp = ? AND name = ?").run(group, name);
      return this.deleteEvents("grp = ? AND stream = ?", group, name);
    });
    this.sizes.set(group, this.size(group) - freed);
  }

  deleteGroup(group: string): void {
    atOnce(this.database, () => {
      this.database.prepare("DELETE FROM stream WHERE grp = ?").run(group);
      this.database.prepare("DELETE FROM event WHERE grp = ?").run(group);
    });
    this.sizes.delete(group);
  }

  hasStream(group: string, name: string): boolean {
    return this.database.prepare("SELECT 1 FROM stream WHERE grp = ? AND name = ?").get(group, name) !== undefined;
  }

  /** By name. */
  streams(group: string, prefix = ""): LogStreamInfo[] {
    const rows = this.database
      .prepare(
        `SELECT stream.name, stream.created, min(event.at) AS first, max(event.at) AS last, max(event.taken) AS taken
         FROM stream LEFT JOIN event ON event.grp = stream.grp AND event.stream = stream.name
         WHERE stream.grp = ? GROUP BY stream.name ORDER BY stream.name`,
      )
      .all(group);
    return rows
      .filter((row) => (row["name"] as string).startsWith(prefix))
      .map((row) => ({
        name: row["name"] as string,
        created: row["created"] as number,
        first: (row["first"] as number | null) ?? undefined,
        last: (row["last"] as number | null) ?? undefined,
        taken: (row["taken"] as number | null) ?? undefined,
      }));
  }

  /** In the order of their times, oldest first unless asked otherwise. */
  events(
    group: string,
    { streams, from = 0, to = Number.MAX_SAFE_INTEGER, limit, bytes = Infinity, newestFirst = false, after }: EventQuery,
  ): LogEvent[] {
    const named = streams === undefined ? "" : `AND stream IN (${streams.map(() => "?").join(", ")})`;
    const beyond = after === undefined ? "" : `AND (at, id) ${newestFirst ? "<" : ">"} (?, ?)`;
    const order = newestFirst ? "DESC" : "ASC";
    const rows = this.database
      .prepare(
        `SELECT id, stream, at, taken, message FROM event WHERE grp = ? AND at >= ? AND at < ? ${named} ${beyond} ORDER BY at ${order}, id ${order} LIMIT ?`,
      )
      .iterate(group, from, to, ...(streams ?? []), ...(after === undefined ? [] : [after.at, after.id]), limit);
    const events: LogEvent[] = [];
    let left = bytes;
    for (const row of rows as IterableIterator<unknown> as IterableIterator<LogEvent>) {
      left -= Buffer.byteLength(row.message) + OVERHEAD;
      if (left < 0 && events.length > 0) break;
      events.push(row);
    }
    return events;
  }

  /** Drops what is older than `before`. */
  expire(group: string, before: number): void {
    const freed = this.deleteEvents("grp = ? AND at < ?", group, before);
    if (freed > 0) this.sizes.set(group, this.size(group) - freed);
  }

  /** Bytes as CloudWatch counts them. */
  size(group: string): number {
    return this.sizes.get(group) ?? 0;
  }

  close(): void {
    this.database.close();
  }

  /** Takes the oldest events away until a tenth is free again, so that this is not done for every line. Returns the bytes freed. */
  private shrink(group: string, size: number): number {
    let excess = size - this.limit * 0.9;
    let last: { at: number; id: number } | undefined;
    for (const row of this.database
      .prepare("SELECT at, id, octet_length(message) AS size FROM event WHERE grp = ? ORDER BY at, id")
      .iterate(group)) {
      if (excess <= 0) break;
      excess -= (row["size"] as number) + OVERHEAD;
      last = { at: row["at"] as number, id: row["id"] as number };
    }
    return last === undefined ? 0 : this.deleteEvents("grp = ? AND (at, id) <= (?, ?)", group, last.at, last.id);
  }

  /** Deletes the events for which the condition holds. Returns the bytes freed. */
  private deleteEvents(condition: string, ...values: (string | number)[]): number {
    const gone = this.database
      .prepare(`DELETE FROM event WHERE ${condition} RETURNING octet_length(message) AS size`)
      .iterate(...values);
    let freed = 0;
    for (const row of gone) freed += (row["size"] as number) + OVERHEAD;
    return freed;
  }
}
