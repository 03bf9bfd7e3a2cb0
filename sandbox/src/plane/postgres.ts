import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import type { Cloud } from "../core/cloud.ts";
import { CloudError } from "../core/definition.ts";
import { PostgresAdmin } from "./postgres-admin.ts";
import { POSTGRES_ENV } from "./postgres-binaries.ts";
import { hostAccess, postgresConf, unapplied } from "./postgres-config.ts";
import { PostgresData } from "./postgres-data.ts";
import { type ParameterFact, type ParameterFault, waitingForRestart } from "./postgres-parameters.ts";
import { ensureDatabase, ensureMaster } from "./postgres-roles.ts";

/** What a database server is to be. */
export interface PostgresSpec {
  /** Names the data folder and the process. */
  readonly id: string;
  readonly port: number;
  /** Host names on its certificate. */
  readonly names: readonly string[];
  /** Values of the parameter groups. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly masterUsername: string;
  /** @default - the one that the role in the restored data has */
  readonly masterPassword?: string;
  readonly databaseName?: string;
  /** Where its first data come from. @default - an empty database */
  readonly origin?: Origin;
  /** Days back to which it can be restored. @default - to its first start */
  readonly backupDays?: number;
  readonly onLine?: (line: string) => void;
}

/** Data to begin with: a snapshot, or another server as it was at a moment (or, without one, as it is now). */
export type Origin = { readonly snapshot: string } | { readonly source: string; readonly until?: Date };

/** What a running server makes of its parameters. */
export interface PostgresOutcome {
  /** Parameters without effect on this machine. */
  readonly unapplied: readonly string[];
  /** Parameters whose new value waits for the next start. */
  readonly pendingReboot: readonly string[];
}

/** What the servers need of the cloud. */
export type PostgresSurroundings = Pick<Cloud, "home" | "processes" | "trust" | "now">;

const READY_MS = 60_000;
const ARCHIVED_MS = 30_000;
/** A clean end writes what is in memory to the disk; a killed server is whole as well, but recovers first the next time. */
const STOP_MS = 30_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** A base backup this old is followed by another when the server starts, so that a restore replays a day at most. */
const BASE_MS = DAY_MS;

/** Real PostgreSQL servers with durable data, archived logs, snapshots and recovery to a moment. One per daemon. */
export class PostgresServers {
  private readonly around: PostgresSurroundings;
  private readonly data: PostgresData;
  private readonly admin: PostgresAdmin;

  constructor(around: PostgresSurroundings) {
    this.around = around;
    this.data = new PostgresData(around.home);
    this.admin = new PostgresAdmin(around.trust, () => this.data.adminPassword());
  }

  /** The version of the server that really runs here, such as `18.4`. */
  version(): string {
    return this.data.installation().version;
  }

  /** The parameters that this version has, by lower-case name. */
  parameterFacts(): ReadonlyMap<string, ParameterFact> {
    return this.data.parameterFacts();
  }

  /** The first of these parameters whose value the server would refuse to start with, in its own words; undefined if it takes them all. */
  faultOf(parameters: Readonly<Record<string, string>>): ParameterFault | undefined {
    return this.data.faultOf(parameters);
  }

  /** Makes the data folder if there is none. Idempotent. */
  async prepare(spec: Pick<PostgresSpec, "id" | "origin">): Promise<void> {
    if (existsSync(this.data.path(spec.id, "data"))) return;
    const contents = await this.contentsFor(spec.origin);
    await this.data.fill(spec.id, contents, spec.origin !== undefined && "source" in spec.origin);
  }

  /** Runs the server and resolves when the master can log in. A server that runs takes over what is new without a restart. Idempotent. */
  async run(spec: PostgresSpec): Promise<PostgresOutcome> {
    await this.prepare(spec);
    await this.configure(spec);
    this.data.dropStaleLock(spec.id);
    await this.start(spec);
    if (existsSync(this.data.path(spec.id, "data", "recovery.signal")))
      throw new Error(`the server of ${spec.id} answers before its recovery has ended`);
    const pendingReboot = await this.administer(spec.id, spec.port, async (client) => {
      await client.query("SELECT pg_reload_conf()");
      await ensureMaster(client, spec.masterUsername, spec.masterPassword);
      if (spec.databaseName !== undefined) await ensureDatabase(client, spec.databaseName, spec.masterUsername);
      return waitingForRestart(client, spec.parameters, this.parameterFacts());
    });
    await this.ensureBase(spec);
    return { unapplied: unapplied(spec.parameters, this.data.support()), pendingReboot };
  }

  /** Stops the server cleanly; the data stay. */
  async stop(id: string): Promise<void> {
    await this.around.processes.stop(processName(id));
  }

  /** Whether the server is meant to run. */
  isRunning(id: string): boolean {
    return this.around.processes.list().some(({ name }) => name === processName(id));
  }

  /** Stops the server and removes its data, logs and backups; snapshots stay. With `finalSnapshot` the data, be they empty, become that snapshot. */
  async remove(id: string, finalSnapshot?: string): Promise<void> {
    await this.stop(id);
    if (finalSnapshot !== undefined && !this.hasSnapshot(finalSnapshot)) await this.prepare({ id });
    await this.data.remove(id, finalSnapshot);
  }

  /** Copies the running server's data into a snapshot. */
  async snapshot(id: string, port: number, snapshot: string): Promise<void> {
    await backingUp(id, this.data.addSnapshot(snapshot, this.admin.connection(port)));
  }

  /** Whether a snapshot's data are there, whole. */
  hasSnapshot(snapshot: string): boolean {
    return existsSync(this.data.snapshotPath(snapshot));
  }

  /** Removes a snapshot's data; one that is gone is fine. */
  removeSnapshot(snapshot: string): Promise<void> {
    return this.data.removeSnapshot(snapshot);
  }

  /** The moment from which on the server can be restored: its oldest base backup; undefined before there is one. */
  earliestRestorable(id: string): Date | undefined {
    const oldest = this.data.bases(id)[0];
    return oldest === undefined ? undefined : new Date(oldest);
  }

  /** Runs `work` with a connection of the daemon's own; see {@link PostgresAdmin}. */
  administer<T>(id: string, port: number, work: (client: pg.Client) => Promise<T>): Promise<T> {
    return this.admin.run(id, port, work);
  }

  private async contentsFor(origin: Origin | undefined): Promise<string> {
    if (origin === undefined) return this.data.template();
    if ("snapshot" in origin) return this.data.snapshotPath(origin.snapshot);
    const until = origin.until?.getTime() ?? this.around.now();
    const base = this.data.bases(origin.source).findLast((time) => time <= until);
    if (base === undefined) {
      const since = this.earliestRestorable(origin.source)?.toISOString() ?? "a backup has been taken";
      throw new CloudError(
        "InvalidRestoreFault",
        `Cannot restore ${origin.source} to ${new Date(until).toISOString()}: it can be restored from ${since} on.`,
      );
    }
    if (!this.isRunning(origin.source))
      throw new CloudError(
        "InvalidDBClusterStateFault",
        `Cannot restore ${origin.source} to a moment: its log ends with its server, which the sandbox runs while the cluster has an instance. Add one first.`,
      );
    await this.closeSegment(origin.source);
    return this.data.basePath(origin.source, base);
  }

  private async configure(spec: PostgresSpec): Promise<void> {
    const data = this.data.path(spec.id, "data");
    const issued = await this.around.trust.issue([...spec.names]);
    const own = { certFile: join(data, "server.crt"), keyFile: join(data, "server.key") };
    const recovery = this.recoveryOf(spec);
    const files: Record<string, string> = {
      [own.certFile]: readFileSync(issued.certFile, "utf8"),
      [own.keyFile]: readFileSync(issued.keyFile, "utf8"),
      [join(data, "pg_hba.conf")]: hostAccess(spec.parameters),
      [join(data, "postgresql.auto.conf")]: "",
      [join(data, "postgresql.conf")]: postgresConf({
        ...own,
        port: spec.port,
        parameters: spec.parameters,
        archiveFolder: this.data.path(spec.id, "archive"),
        here: this.data.support(),
        ...(recovery === undefined ? {} : { recovery }),
      }),
    };
    for (const [file, text] of Object.entries(files)) this.data.writeFor(file, text);
  }

  /** How a copy gets to its moment; undefined once it is there. It reads the source's archive: one account runs both servers. */
  private recoveryOf({ id, origin }: PostgresSpec): { archiveFolder: string; until?: Date } | undefined {
    if (origin === undefined || "snapshot" in origin) return undefined;
    if (!existsSync(this.data.path(id, "data", "recovery.signal"))) return undefined;
    const archiveFolder = this.data.path(origin.source, "archive");
    return origin.until === undefined ? { archiveFolder } : { archiveFolder, until: origin.until };
  }

  private async start(spec: PostgresSpec): Promise<void> {
    const { folder, account } = this.data.installation();
    await this.around.processes.run({
      name: processName(spec.id),
      command: join(folder, "bin", "postgres"),
      args: ["-D", this.data.path(spec.id, "data")],
      env: POSTGRES_ENV,
      cwd: this.data.path(spec.id),
      ...account,
      ready: { line: (line) => line.includes("database system is ready to accept connections") },
      readyTimeoutMs: READY_MS,
      restart: "always",
      stopSignal: "SIGINT",
      stopTimeoutMs: STOP_MS,
      ...(spec.onLine === undefined ? {} : { onLine: spec.onLine }),
    });
  }

  private async ensureBase({ id, port, backupDays }: PostgresSpec): Promise<void> {
    const newest = this.data.bases(id).at(-1);
    if (newest === undefined || this.around.now() - newest >= BASE_MS)
      await backingUp(id, this.data.addBase(id, this.admin.connection(port), this.around.now));
    if (backupDays !== undefined) this.data.prune(id, this.around.now() - backupDays * DAY_MS);
  }

  /** Brings everything acknowledged so far into the archive, ended by one more transaction: recovery stops at the first commit after its moment. */
  private async closeSegment(id: string): Promise<void> {
    const port = Number(/^port = '(\d+)'/m.exec(readFileSync(this.data.path(id, "data", "postgresql.conf"), "utf8"))?.[1]);
    await this.administer(id, port, async (client) => {
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

async function backingUp(id: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw new Error(`backing up ${id} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** The name under which a server is supervised. */
export function processName(id: string): string {
  return `postgres-${id}`;
}
