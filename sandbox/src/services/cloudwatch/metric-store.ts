import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CloudError } from "../../core/definition.ts";
import { atOnce } from "./at-once.ts";
import { Distribution, type StoredDistribution } from "./distribution.ts";

export const MINUTE_MS = 60_000;
/** CloudWatch keeps one-minute data for 15 days; coarser data, which it keeps longer, the sandbox does not make. */
const KEPT_MS = 15 * 24 * 60 * MINUTE_MS;
/** Minutes that stay in memory after their last data point; the rest is read from disk. */
const HOT_MS = 5 * MINUTE_MS;
const MAX_SERIES = 10_000;

/** What a metric is known by. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One stream of data points: a metric in a region, by unit. An empty region stands for every region: ids in the dimensions tell them apart. */
export interface Series extends Metric {
  readonly region: string;
  /** CloudWatch's word, such as `Milliseconds`; `None` for none. */
  readonly unit: string;
}

interface Known {
  readonly id: number;
  readonly series: Series;
  /** Minute (its first millisecond) → data points; what is not on disk yet is dirty. */
  readonly hot: Map<number, Distribution>;
  readonly dirty: Set<number>;
}

/** The data points of all metrics, a minute at a time, in one SQLite file. Memory holds the last minutes only. */
export class MetricStore {
  private readonly database: DatabaseSync;
  private readonly known = new Map<string, Known>();
  private readonly limit: number;

  constructor(home: string, limit = MAX_SERIES) {
    this.limit = limit;
    const folder = join(home, "cloudwatch");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.database = new DatabaseSync(join(folder, "metrics.db"));
    this.database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS minute (series INTEGER NOT NULL, at INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (series, at)) WITHOUT ROWID;`);
    for (const row of this.database.prepare("SELECT id, value FROM series").all()) {
      this.remember(row["id"] as number, JSON.parse(row["value"] as string) as Series);
    }
  }

  /** Adds data points to the minute of `at`. Throws `LimitExceededFault` when there are too many different metrics. */
  record(series: Series, at: number, add: (points: Distribution) => void): void {
    const known = this.known.get(keyOf(series)) ?? this.introduce(series);
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const points = known.hot.get(minute) ?? this.load(known.id, minute) ?? new Distribution();
    add(points);
    known.hot.set(minute, points);
    known.dirty.add(minute);
  }

  /** The minutes from `from` (included) to `to` (not), all units unless one is given; minutes without data points are not in it. */
  read(metric: Metric & { readonly region: string }, from: number, to: number, unit?: string): Map<number, Distribution> {
    const found = new Map<number, Distribution>();
    for (const known of this.seriesOf(metric, unit)) {
      for (const [minute, points] of this.minutesOf(known, from, to)) {
        const sum = found.get(minute) ?? new Distribution();
        sum.merge(points);
        found.set(minute, sum);
      }
    }
    return found;
  }

  /** The units in which a metric has been published. */
  units(metric: Metric & { readonly region: string }): string[] {
    return [...new Set(this.seriesOf(metric, undefined).map(({ series }) => series.unit))].sort();
  }

  /** Every series with data points since `since`. */
  list(since: number): Series[] {
    this.flush();
    const rows = this.database.prepare("SELECT DISTINCT series FROM minute WHERE at >= ?").all(since);
    const live = new Set(rows.map((row) => row["series"]));
    return [...this.known.values()].filter(({ id }) => live.has(id)).map(({ series }) => series);
  }

  /** Writes what is new; it is on disk (but for a power cut) when this returns. */
  flush(): void {
    const changed = [...this.known.values()].filter(({ dirty }) => dirty.size > 0);
    if (changed.length === 0) return;
    const write = this.database.prepare(
      "INSERT INTO minute VALUES (?, ?, ?) ON CONFLICT (series, at) DO UPDATE SET value = excluded.value",
    );
    atOnce(this.database, () => {
      for (const { id, hot, dirty } of changed)
        for (const minute of dirty) write.run(id, minute, JSON.stringify(hot.get(minute)?.toStored()));
    });
    for (const { dirty } of changed) dirty.clear();
  }

  /** Writes what is new, frees the memory of older minutes and drops what is past its time. */
  tidy(now: number): void {
    this.flush();
    for (const { hot } of this.known.values()) for (const minute of hot.keys()) if (minute < now - HOT_MS) hot.delete(minute);
    this.database.prepare("DELETE FROM minute WHERE at < ?").run(now - KEPT_MS);
    const empty = this.database.prepare("SELECT id, key FROM series WHERE id NOT IN (SELECT series FROM minute)").all();
    for (const row of empty) {
      if ((this.known.get(row["key"] as string)?.hot.size ?? 0) > 0) continue;
      this.database.prepare("DELETE FROM series WHERE id = ?").run(row["id"] as number);
      this.known.delete(row["key"] as string);
    }
  }

  close(): void {
    this.flush();
    this.database.close();
  }

  private seriesOf(
    { region, namespace, name, dimensions }: Metric & { readonly region: string },
    unit: string | undefined,
  ): Known[] {
    const wanted = dimensionsKey(dimensions);
    return [...this.known.values()].filter(
      ({ series }) =>
        series.name === name &&
        series.namespace === namespace &&
        (series.region === region || series.region === "" || region === "") &&
        (unit === undefined || series.unit === unit) &&
        dimensionsKey(series.dimensions) === wanted,
    );
  }

  private minutesOf({ id, hot }: Known, from: number, to: number): Map<number, Distribution> {
    const rows = this.database.prepare("SELECT at, value FROM minute WHERE series = ? AND at >= ? AND at < ?").all(id, from, to);
    const found = new Map(rows.map((row) => [row["at"] as number, stored(row["value"] as string)]));
    for (const [minute, points] of hot) if (minute >= from && minute < to) found.set(minute, points);
    return found;
  }

  private load(id: number, minute: number): Distribution | undefined {
    const row = this.database.prepare("SELECT value FROM minute WHERE series = ? AND at = ?").get(id, minute);
    return row === undefined ? undefined : stored(row["value"] as string);
  }

  private introduce(series: Series): Known {
    if (this.known.size >= this.limit) {
      throw new CloudError(
        "LimitExceededFault",
        `the sandbox keeps ${String(this.limit)} metrics; ${series.namespace} ${series.name} would be one more`,
      );
    }
    const value = JSON.stringify(series);
    const { lastInsertRowid } = this.database.prepare("INSERT INTO series (key, value) VALUES (?, ?)").run(keyOf(series), value);
    return this.remember(Number(lastInsertRowid), series);
  }

  private remember(id: number, series: Series): Known {
    const known = { id, series, hot: new Map<number, Distribution>(), dirty: new Set<number>() };
    this.known.set(keyOf(series), known);
    return known;
  }
}

function stored(value: string): Distribution {
  return Distribution.fromStored(JSON.parse(value) as StoredDistribution);
}

function keyOf({ region, namespace, name, dimensions, unit }: Series): string {
  return [region, namespace, name, unit, dimensionsKey(dimensions)].join("\0");
}

function dimensionsKey(dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));
}
