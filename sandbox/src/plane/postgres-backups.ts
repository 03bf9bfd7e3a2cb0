import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type pg from "pg";
import { baseBackup, firstSegment } from "./base-backup.ts";
import { privateFolder } from "./postgres-binaries.ts";
import type { PostgresData } from "./postgres-data.ts";

/** What is kept of PostgreSQL's data in a sandbox: of each cluster the base backups and the archived log, and the snapshots that outlive it. */
export class PostgresBackups {
  private readonly data: PostgresData;

  constructor(data: PostgresData) {
    this.data = data;
  }

  /** Moments of the base backups, oldest first, in milliseconds since the epoch. */
  bases(id: string): number[] {
    const folder = this.data.path(id, "base");
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .flatMap((name) => /^(\d+)\.tar$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  basePath(id: string, moment: number): string {
    return this.data.path(id, "base", `${String(moment)}.tar`);
  }

  /** Takes a base backup, which counts from the moment it was finished: before that it is not consistent. */
  async addBase(id: string, connection: pg.ClientConfig, now: () => number): Promise<void> {
    const partial = this.data.path(id, "base", "new.part");
    mkdirSync(dirname(partial), { recursive: true, mode: 0o700 });
    await baseBackup(connection, partial);
    renameSync(partial, this.basePath(id, now()));
  }

  /** Forgets base backups that no restore to a moment since `since` needs, and the archived log from before the oldest that is kept. */
  prune(id: string, since: number): void {
    const bases = this.bases(id);
    const oldest = bases.findLast((moment) => moment <= since);
    if (oldest === undefined) return;
    for (const moment of bases) if (moment < oldest) rmSync(this.basePath(id, moment));
    const first = firstSegment(this.basePath(id, oldest));
    // Without the first eight digits, which count the timelines: as pg_archivecleanup compares them.
    for (const name of readdirSync(this.data.path(id, "archive")))
      if (/^[0-9A-F]{24}/.test(name) && name.slice(8, 24) < first.slice(8)) rmSync(this.data.path(id, "archive", name));
  }

  /** Puts a finished file of the log into the archive, unless it is there. */
  addToArchive(id: string, file: string): void {
    const kept = this.data.path(id, "archive", basename(file));
    if (existsSync(kept)) return;
    const partial = `${kept}.part`;
    this.data.writeFor(partial, readFileSync(file), true);
    renameSync(partial, kept);
  }

  /** A snapshot: a server's folder as it was left behind, or a base backup. */
  snapshotPath(snapshot: string): string {
    return join(this.data.installation().root, "snapshots", snapshot);
  }

  /** Copies a running server's data into a snapshot. */
  async addSnapshot(snapshot: string, connection: pg.ClientConfig): Promise<void> {
    const kept = this.snapshotPath(snapshot);
    privateFolder(dirname(kept), this.data.installation().account);
    await baseBackup(connection, `${kept}.part`);
    renameSync(`${kept}.part`, kept);
  }

  /** Removes a cluster's data, logs and backups. A stopped server's folder is a whole copy in itself: with `snapshot` it becomes that. */
  async remove(id: string, snapshot?: string): Promise<void> {
    const data = this.data.path(id, "data");
    if (snapshot !== undefined && existsSync(data)) {
      const kept = this.snapshotPath(snapshot);
      privateFolder(dirname(kept), this.data.installation().account);
      renameSync(data, kept);
    }
    await rm(this.data.path(id), { recursive: true, force: true });
  }

  async removeSnapshot(snapshot: string): Promise<void> {
    await rm(this.snapshotPath(snapshot), { recursive: true, force: true });
  }
}
