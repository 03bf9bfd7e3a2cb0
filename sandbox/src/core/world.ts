import { DatabaseSync, type StatementSync } from "node:sqlite";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Resource } from "./definition.ts";
import type { Props, Value } from "./values.ts";

/** Raised when the file that holds the world cannot be read; says which file it is and how to get going again. */
export class WorldDamaged extends Error {
  constructor(file: string, cause: unknown) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    super(
      `the sandbox's world file is damaged: ${file} (${detail}).\n` +
        `What ran in the sandbox cannot be continued from it. Either put back a copy of that file, or start afresh with: npm run sandbox -- reset`,
      { cause },
    );
    this.name = "WorldDamaged";
  }
}

/** Raised when another process has the world open: a world has one daemon. */
export class WorldInUse extends Error {
  constructor(file: string) {
    super(`another sandbox daemon works on ${file}`);
    this.name = "WorldInUse";
  }
}

/** https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

interface Row {
  type: string;
  id: string;
  urn: string;
  region: string;
  inputs: string;
  outputs: string;
  phase: Resource["phase"];
  claimed: number;
}

/**
 * Everything the sandbox's cloud remembers, in one SQLite file. A call returns when its change is on disk
 * (`synchronous = FULL`), so whatever was answered survives a kill -9. Reads are served from memory.
 */
export class World {
  private readonly database: DatabaseSync;
  private readonly rows = new Map<string, Resource>();
  private depth = 0;

  /** Opens or makes the file, and holds it alone. Throws {@link WorldDamaged} if it is not a whole SQLite file, {@link WorldInUse} if another process has it. */
  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    const existed = existsSync(file);
    // The world holds secrets in plain: its file, and what SQLite puts beside it, are for their owner alone.
    const mask = process.umask(0o077);
    try {
      if (existed && statSync(file).size === 0) throw new Error("it is empty");
      this.database = new DatabaseSync(file);
      // The lock is the operating system's own: it ends with the process, however that ends.
      this.database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
      this.checkIntegrity(existed);
      this.database.exec(`
        CREATE TABLE IF NOT EXISTS resource (
          seq INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, id TEXT NOT NULL, region TEXT NOT NULL, urn TEXT NOT NULL,
          inputs TEXT NOT NULL, outputs TEXT NOT NULL, phase TEXT NOT NULL, claimed INTEGER NOT NULL, UNIQUE (type, region, id));
        CREATE TABLE IF NOT EXISTS item (space TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (space, key));`);
      for (const row of this.database.prepare("SELECT * FROM resource ORDER BY seq").all() as unknown as Row[]) {
        this.rows.set(keyOf(row.type, row.region, row.id), {
          ...row,
          inputs: JSON.parse(row.inputs) as Props,
          outputs: JSON.parse(row.outputs) as Props,
          claimed: row.claimed === 1,
        });
      }
    } catch (error) {
      throw (error as { errcode?: number }).errcode === SQLITE_BUSY ? new WorldInUse(file) : new WorldDamaged(file, error);
    } finally {
      process.umask(mask);
    }
  }

  private checkIntegrity(existed: boolean): void {
    if (!existed) return;
    const [answer] = this.database.prepare("PRAGMA quick_check").all() as { quick_check: string }[];
    if (answer?.quick_check !== "ok") throw new Error(answer?.quick_check ?? "quick_check gave no answer");
  }

  /** The resource of that type and id; in any region unless one is given. */
  get(type: string, id: string, region?: string): Resource | undefined {
    if (region !== undefined) return this.rows.get(keyOf(type, region, id));
    return this.all(type).find((row) => row.id === id);
  }

  /** All resources (of one type), oldest first. */
  all(type?: string): Resource[] {
    const rows = [...this.rows.values()];
    return type === undefined ? rows : rows.filter((row) => row.type === type);
  }

  /** The first resource of that type whose output `name` has that value. */
  by(type: string, name: string, value: Value): Resource | undefined {
    return this.all(type).find((row) => row.outputs[name] === value);
  }

  /** Writes a resource, new or known, and returns it as stored. */
  put(resource: Resource): Resource {
    this.database
      .prepare(
        `INSERT INTO resource (type, id, region, urn, inputs, outputs, phase, claimed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (type, region, id) DO UPDATE SET urn = excluded.urn, inputs = excluded.inputs, outputs = excluded.outputs,
           phase = excluded.phase, claimed = excluded.claimed`,
      )
      .run(
        resource.type,
        resource.id,
        resource.region,
        resource.urn,
        JSON.stringify(resource.inputs),
        JSON.stringify(resource.outputs),
        resource.phase,
        resource.claimed ? 1 : 0,
      );
    this.rows.set(keyOf(resource.type, resource.region, resource.id), resource);
    return resource;
  }

  /** Merges outputs into a stored resource; does nothing if it is gone. */
  setOutputs(resource: Resource, outputs: Props): void {
    const current = this.rows.get(keyOf(resource.type, resource.region, resource.id));
    if (current !== undefined) this.put({ ...current, outputs: { ...current.outputs, ...outputs } });
  }

  /** Forgets a resource; one that is not there is fine. */
  drop(resource: Resource): void {
    this.database
      .prepare("DELETE FROM resource WHERE type = ? AND region = ? AND id = ?")
      .run(resource.type, resource.region, resource.id);
    this.rows.delete(keyOf(resource.type, resource.region, resource.id));
  }

  /** A service's own durable key-value space: what is not a resource (secret values, remembered ports, messages). */
  space<T extends Value>(name: string): Space<T> {
    return new Space<T>(this.database, name);
  }

  /** Runs `work` as one change: all of it is on disk, or none. May be nested. */
  change<T>(work: () => T): T {
    if (this.depth > 0) return work();
    const before = new Map(this.rows);
    this.database.exec("BEGIN IMMEDIATE");
    this.depth++;
    try {
      const result = work();
      this.database.exec("COMMIT");
      return result;
    } catch (error) {
      this.database.exec("ROLLBACK");
      this.rows.clear();
      for (const [key, row] of before) this.rows.set(key, row);
      throw error;
    } finally {
      this.depth--;
    }
  }

  close(): void {
    this.database.close();
  }
}

/** Durable keys and JSON values; see {@link World.space}. */
export class Space<T extends Value> {
  private readonly database: DatabaseSync;
  private readonly name: string;
  /** Prepared once: a space that is kept may be read with every request. */
  private one: StatementSync | undefined;

  constructor(database: DatabaseSync, name: string) {
    this.database = database;
    this.name = name;
  }

  get(key: string): T | undefined {
    this.one ??= this.database.prepare("SELECT value FROM item WHERE space = ? AND key = ?");
    const row = this.one.get(this.name, key);
    return row === undefined ? undefined : (JSON.parse(row["value"] as string) as T);
  }

  set(key: string, value: T): void {
    this.database
      .prepare("INSERT INTO item VALUES (?, ?, ?) ON CONFLICT (space, key) DO UPDATE SET value = excluded.value")
      .run(this.name, key, JSON.stringify(value));
  }

  delete(key: string): void {
    this.database.prepare("DELETE FROM item WHERE space = ? AND key = ?").run(this.name, key);
  }

  /** All entries whose key starts with `prefix`, in key order. */
  entries(prefix = ""): [key: string, value: T][] {
    // SQLite counts code points, JavaScript the units of UTF-16.
    const { length } = Array.from(prefix);
    return this.database
      .prepare("SELECT key, value FROM item WHERE space = ? AND substr(key, 1, ?) = ? ORDER BY key")
      .all(this.name, length, prefix)
      .map((row) => [row["key"] as string, JSON.parse(row["value"] as string) as T]);
  }
}

function keyOf(type: string, region: string, id: string): string {
  return `${type}\0${region}\0${id}`;
}
