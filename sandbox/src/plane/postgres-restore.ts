import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CloudError } from "../core/definition.ts";
import type { PostgresAdmin } from "./postgres-admin.ts";
import type { PostgresBackups } from "./postgres-backups.ts";
import type { PostgresData } from "./postgres-data.ts";
import type { Origin, OriginCluster, PostgresSpec } from "./postgres-spec.ts";

const ARCHIVED_MS = 30_000;

/** What the data of a new cluster are made from. */
export class PostgresRestore {
  private readonly data: PostgresData;
  private readonly backups: PostgresBackups;
  private readonly admin: PostgresAdmin;
  private readonly isRunning: (of: Pick<PostgresSpec, "id" | "server">) => boolean;

  constructor(
    data: PostgresData,
    backups: PostgresBackups,
    admin: PostgresAdmin,
    isRunning: (of: Pick<PostgresSpec, "id" | "server">) => boolean,
  ) {
    this.data = data;
    this.backups = backups;
    this.admin = admin;
    this.isRunning = isRunning;
  }

  /** The moment from which on a cluster can be restored: its oldest base backup; undefined before there is one. */
  earliest(id: string): Date | undefined {
    const oldest = this.backups.bases(id)[0];
    return oldest === undefined ? undefined : new Date(oldest);
  }

  /** A folder or base backup to begin with. Brings a source's log into the archive up to now. */
  async contentsFor(origin: Origin | undefined, now: number): Promise<string> {
    if (origin === undefined) return this.data.template();
    if ("snapshot" in origin) return this.backups.snapshotPath(origin.snapshot);
    const until = origin.until?.getTime() ?? now;
    const base = this.backups.bases(origin.source).findLast((time) => time <= until);
    if (base === undefined) {
      const since = this.earliest(origin.source)?.toISOString() ?? "a backup has been taken";
      throw new CloudError(
        "InvalidRestoreFault",
        `Cannot restore ${origin.source} to ${new Date(until).toISOString()}: it can be restored from ${since} on.`,
      );
    }
    if (!this.isRunning(ownerOf(origin)))
      throw new CloudError(
        "InvalidDBClusterStateFault",
        `Cannot restore ${origin.source} to a moment: its log ends with its server, which the sandbox runs while the cluster has an instance. Add one first.`,
      );
    await this.closeSegment(origin);
    return this.backups.basePath(origin.source, base);
  }

  /** How a copy gets to its moment; undefined once it is there. It reads the source's archive: one account runs both servers. */
  recoveryOf(spec: PostgresSpec): { archiveFolder: string; until?: Date } | undefined {
    const { origin } = spec;
    if (origin === undefined || "snapshot" in origin) return undefined;
    if (!existsSync(join(this.data.dataFolder(spec), "recovery.signal"))) return undefined;
    const archiveFolder = this.data.path(origin.source, "archive");
    return origin.until === undefined ? { archiveFolder } : { archiveFolder, until: origin.until };
  }

  /** Brings everything acknowledged so far into the archive, ended by one more transaction: recovery stops at the first commit after its moment. */
  private async closeSegment(origin: OriginCluster): Promise<void> {
    const id = origin.source;
    const conf = join(this.data.dataFolder(ownerOf(origin)), "postgresql.conf");
    const port = Number(/^port = '(\d+)'/m.exec(readFileSync(conf, "utf8"))?.[1]);
    await this.admin.run(id, port, async (client) => {
      await client.query("SELECT pg_current_xact_id()");
      const { rows } = await client.query<{ segment: string }>("SELECT pg_walfile_name(pg_switch_wal()) AS segment");
      const segment = rows[0]?.segment ?? "";
      const deadline = Date.now() + ARCHIVED_MS;
      while (!existsSync(this.data.path(id, "archive", segment))) {
        if (Date.now() > deadline)
          throw new Error(`the log segment ${segment} was not archived within ${String(ARCHIVED_MS / 1000)} s`);
        await delay(20);
      }
    });
  }
}

function ownerOf({ source, server }: OriginCluster): Pick<PostgresSpec, "id" | "server"> {
  return { id: source, ...(server !== undefined && { server }) };
}
