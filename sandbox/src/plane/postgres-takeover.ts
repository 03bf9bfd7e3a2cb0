import { existsSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { PostgresBackups } from "./postgres-backups.ts";
import type { DataOwner, PostgresData } from "./postgres-data.ts";

/**
 * How a reader gets what its writer has acknowledged and not sent when it dies. On Aurora writer and readers have one storage, so a commit that was acknowledged
 * is there for whoever writes next. Here each server has data of its own; the log of the dead writer stands for that storage: whoever takes its place replays
 * it to its end before it is promoted, by PostgreSQL's own rule that a promotion first restores all log that can be had (postgresql.org/docs/18/warm-standby.html).
 * Nobody has to wait for a reader at a commit, as with synchronous replication, which would also make a reader's death one of the writer.
 */
export class PostgresTakeover {
  private readonly data: PostgresData;
  private readonly backups: PostgresBackups;

  constructor(data: PostgresData, backups: PostgresBackups) {
    this.data = data;
    this.backups = backups;
  }

  /** The folder that stands for the shared storage's log, for the time of a takeover. */
  folder(id: string): string {
    return this.data.path(id, "takeover");
  }

  /** Offers the log of a writer that has ended, and brings its finished segments into the archive: it will not do so any more. */
  begin(from: Required<DataOwner>): void {
    const log = join(this.data.dataFolder(from), "pg_wal");
    if (!existsSync(log)) return;
    for (const segment of unarchived(log)) this.backups.addToArchive(from.id, join(log, segment));
    this.end(from.id);
    symlinkSync(log, this.folder(from.id));
  }

  /** Offers it no longer: it grows again by what it is sent. */
  end(id: string): void {
    rmSync(this.folder(id), { force: true });
  }
}

/** Finished files of the log that their server had still to archive. */
function unarchived(log: string): string[] {
  const suffix = ".ready";
  return readdirSync(join(log, "archive_status"))
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .filter((name) => existsSync(join(log, name)));
}
