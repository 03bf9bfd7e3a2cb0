import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { PostgresAdmin } from "./postgres-admin.ts";
import { PostgresBackups } from "./postgres-backups.ts";
import { POSTGRES_ENV } from "./postgres-binaries.ts";
import { hostAccess, postgresConf, type StandbySettings, unapplied } from "./postgres-config.ts";
import { PostgresData } from "./postgres-data.ts";
import { follows, type Primary, primaryConnection, requireStreaming } from "./postgres-following.ts";
import { type ParameterFact, type ParameterFault, waitingForRestart } from "./postgres-parameters.ts";
import { PostgresRestore } from "./postgres-restore.ts";
import { ensureDatabase, ensureMaster } from "./postgres-roles.ts";
import { type PostgresOutcome, type PostgresSpec, type PostgresSurroundings, processName } from "./postgres-spec.ts";
import { PostgresTakeover } from "./postgres-takeover.ts";
import type { Running } from "./supervisor.ts";

export type { Origin, PostgresOutcome, PostgresSpec } from "./postgres-spec.ts";
export { processName } from "./postgres-spec.ts";

const READY_MS = 60_000;
/** A clean end writes what is in memory to the disk; a killed server is whole as well, but recovers first the next time. */
const STOP_MS = 30_000;
const PROMOTED_SECONDS = 60;
const DAY_MS = 24 * 60 * 60 * 1000;
/** A base backup this old is followed by another when the server starts, so that a restore replays a day at most. */
const BASE_MS = DAY_MS;

type Server = Pick<PostgresSpec, "id" | "server">;
type Reader = PostgresSpec & { readonly server: string };

/** Real PostgreSQL servers with durable data, readers, archived logs, snapshots and recovery to a moment. One per daemon. */
export class PostgresServers {
  private readonly around: PostgresSurroundings;
  private readonly data: PostgresData;
  private readonly backups: PostgresBackups;
  private readonly admin: PostgresAdmin;
  private readonly restore: PostgresRestore;
  private readonly takeover: PostgresTakeover;

  constructor(around: PostgresSurroundings) {
    this.around = around;
    this.data = new PostgresData(around.home);
    this.backups = new PostgresBackups(this.data);
    this.admin = new PostgresAdmin(around.trust, () => this.data.adminPassword());
    this.restore = new PostgresRestore(this.data, this.backups, this.admin, (server) => this.isRunning(server));
    this.takeover = new PostgresTakeover(this.data, this.backups);
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

  /** Makes the cluster's data if it has none. Idempotent. */
  async prepare({ id, origin }: Pick<PostgresSpec, "id" | "origin">): Promise<void> {
    if (this.data.hasData(id)) return;
    const contents = await this.restore.contentsFor(origin, this.around.now());
    await this.data.fill({ id }, contents, origin !== undefined && "source" in origin ? "recovery.signal" : undefined);
  }

  /** Runs the writer and resolves when the master can log in. A server that runs takes over what is new without a restart. Idempotent. */
  async run(spec: PostgresSpec): Promise<PostgresOutcome> {
    await this.write(spec);
    return this.settle(spec);
  }

  /** Runs the cluster's writer: gives it the cluster's data where nobody has them, and promotes it where it was a reader. Resolves when it takes writes. Idempotent. */
  async write(spec: PostgresSpec): Promise<void> {
    await this.prepare(spec);
    this.data.attach(spec);
    await this.configure(spec);
    this.data.dropStaleLock(spec);
    await this.start(spec);
    if (existsSync(join(this.data.dataFolder(spec), "recovery.signal")))
      throw new Error(`the server of ${spec.id} answers before its recovery has ended`);
    if (this.isStandby(spec)) await this.promote(spec);
    this.takeover.end(spec.id);
  }

  /** Brings what is inside a writer into agreement with its specification, and takes the backup that is due. */
  async settle(spec: PostgresSpec): Promise<PostgresOutcome> {
    const pendingReboot = await this.administer(spec.id, spec.port, async (client) => {
      await client.query("SELECT pg_reload_conf()");
      await ensureMaster(client, spec.masterUsername, spec.masterPassword);
      if (spec.databaseName !== undefined) await ensureDatabase(client, spec.databaseName, spec.masterUsername);
      return waitingForRestart(client, spec.parameters, this.parameterFacts());
    });
    await this.ensureBase(spec);
    return { unapplied: unapplied(spec.parameters, this.data.support()), pendingReboot };
  }

  /**
   * Runs a reader of the cluster and resolves when it gets the writer's log. Data that it has are kept, also those of a former writer; where they cannot be brought
   * to the writer's, or are missing, they are copied from it. Idempotent.
   */
  async follow(spec: Reader, primary: Primary): Promise<void> {
    if (this.isRunning(spec) && !(await this.isFollowing(spec))) await this.stop(spec);
    if (existsSync(this.folder(spec)) && (await this.joins(spec, primary))) return;
    await this.stop(spec);
    await backingUp(spec.id, this.data.copy(spec, this.admin.connection(primary.port)));
    await this.join(spec, primary);
  }

  /** Ends the writer, if it runs, and offers its log to the reader that takes its place; see {@link PostgresTakeover}. */
  async retire(writer: Required<Server>): Promise<void> {
    await this.stop(writer);
    this.takeover.begin(writer);
  }

  /** Stops the server cleanly; the data stay. */
  async stop(server: Server): Promise<void> {
    await this.around.processes.stop(processName(server));
  }

  /** Ends a server at once, as a fault does; one that does not run is fine. */
  kill(server: Server): void {
    if (this.isRunning(server)) this.around.processes.kill(processName(server));
  }

  /** Whether the server runs or is being started. */
  isRunning(server: Server): boolean {
    const state = this.around.processes.stateOf(processName(server));
    return state !== undefined && state !== "stopped";
  }

  /** Whether the server answers. */
  isReady(server: Server): boolean {
    return this.around.processes.stateOf(processName(server)) === "ready";
  }

  /** Stops the cluster's last server; the cluster keeps the data. */
  async leave(server: Server): Promise<void> {
    await this.stop(server);
    this.data.detach(server);
  }

  /** Stops a reader and removes what it has. */
  async removeReader(reader: Required<Server>): Promise<void> {
    await this.stop(reader);
    await this.data.removeServer(reader);
  }

  /** Removes the data, logs and backups of a cluster that has no server; snapshots stay. With `finalSnapshot` the data, be they empty, become that snapshot. */
  async remove(id: string, finalSnapshot?: string): Promise<void> {
    await this.stop({ id });
    if (finalSnapshot !== undefined && !this.hasSnapshot(finalSnapshot)) await this.prepare({ id });
    await this.backups.remove(id, finalSnapshot);
  }

  /** Copies the running server's data into a snapshot. */
  async snapshot(id: string, port: number, snapshot: string): Promise<void> {
    await backingUp(id, this.backups.addSnapshot(snapshot, this.admin.connection(port)));
  }

  /** Whether a snapshot's data are there, whole. */
  hasSnapshot(snapshot: string): boolean {
    return existsSync(this.backups.snapshotPath(snapshot));
  }

  /** Removes a snapshot's data; one that is gone is fine. */
  removeSnapshot(snapshot: string): Promise<void> {
    return this.backups.removeSnapshot(snapshot);
  }

  /** The moment from which on the cluster can be restored: its oldest base backup; undefined before there is one. */
  earliestRestorable(id: string): Date | undefined {
    return this.restore.earliest(id);
  }

  /** Runs `work` with a connection of the daemon's own; see {@link PostgresAdmin}. */
  administer<T>(id: string, port: number, work: (client: pg.Client) => Promise<T>): Promise<T> {
    return this.admin.run(id, port, work);
  }

  private folder(server: Server): string {
    return this.data.dataFolder(server);
  }

  /** Whether the data are those of a server that follows another one. */
  private isStandby(server: Server): boolean {
    return existsSync(join(this.folder(server), "standby.signal"));
  }

  private isFollowing(spec: Reader): Promise<boolean> {
    return this.isReady(spec) ? this.administer(spec.server, spec.port, follows) : Promise.resolve(this.isStandby(spec));
  }

  /** Whether the reader can be brought to the writer's end with the data that it has. */
  private async joins(spec: Reader, primary: Primary): Promise<boolean> {
    try {
      await this.join(spec, primary);
      return true;
    } catch {
      // Whatever it is, a copy of the writer's data is the cure, and says itself what is wrong where it cannot be had.
      return false;
    }
  }

  private async join(spec: Reader, primary: Primary): Promise<void> {
    if (!this.isStandby(spec)) this.data.writeFor(join(this.folder(spec), "standby.signal"), "");
    await this.configure(spec, primary);
    this.data.dropStaleLock(spec);
    // Data that cannot be brought to the writer's end the server when it starts; once it follows it is to run always.
    const { lastLines } = await this.start(spec, this.isRunning(spec) ? "always" : "never");
    await this.administer(spec.server, spec.port, (client) => client.query("SELECT pg_reload_conf()"));
    await requireStreaming(this.admin, spec.server, primary, lastLines);
    await this.start(spec);
  }

  private async promote(spec: PostgresSpec): Promise<void> {
    await this.administer(spec.server ?? spec.id, spec.port, async (client) => {
      const { rows } = await client.query<{ promoted: boolean }>("SELECT pg_promote(true, $1) AS promoted", [PROMOTED_SECONDS]);
      if (rows[0]?.promoted !== true) throw new Error(`it was not promoted within ${String(PROMOTED_SECONDS)} s`);
    });
  }

  private async configure(spec: PostgresSpec, primary?: Primary): Promise<void> {
    const data = this.folder(spec);
    const issued = await this.around.trust.issue([...spec.names]);
    const own = { certFile: join(data, "server.crt"), keyFile: join(data, "server.key") };
    const caFile = join(data, "authority.crt");
    const recovery = this.restore.recoveryOf(spec);
    const standby: StandbySettings | undefined = this.isStandby(spec)
      ? {
          takeoverFolder: this.takeover.folder(spec.id),
          ...(primary !== undefined && { primary: primaryConnection(spec, primary, this.data.adminPassword(), caFile) }),
        }
      : undefined;
    const files: Record<string, string> = {
      [own.certFile]: readFileSync(issued.certFile, "utf8"),
      [own.keyFile]: readFileSync(issued.keyFile, "utf8"),
      [caFile]: readFileSync(this.around.trust.caFile(), "utf8"),
      [join(data, "pg_hba.conf")]: hostAccess(spec.parameters),
      [join(data, "postgresql.auto.conf")]: "",
      [join(data, "postgresql.conf")]: postgresConf({
        ...own,
        port: spec.port,
        parameters: spec.parameters,
        archiveFolder: this.data.path(spec.id, "archive"),
        here: this.data.support(),
        ...(recovery === undefined ? {} : { recovery }),
        ...(standby === undefined ? {} : { standby }),
      }),
    };
    for (const [file, text] of Object.entries(files)) this.data.writeFor(file, text);
  }

  private async start(spec: PostgresSpec, restart: "always" | "never" = "always"): Promise<Running> {
    const { folder, account } = this.data.installation();
    return this.around.processes.run({
      name: processName(spec),
      command: join(folder, "bin", "postgres"),
      args: ["-D", this.folder(spec)],
      env: POSTGRES_ENV,
      cwd: this.data.path(spec.id),
      ...account,
      ready: { line: (line) => /database system is ready to accept (read-only )?connections/.test(line) },
      readyTimeoutMs: READY_MS,
      restart,
      stopSignal: "SIGINT",
      stopTimeoutMs: STOP_MS,
      ...(spec.onLine === undefined ? {} : { onLine: spec.onLine }),
      ...(spec.isReplaced === undefined ? {} : { isReplaced: spec.isReplaced }),
    });
  }

  private async ensureBase({ id, port, backupDays }: PostgresSpec): Promise<void> {
    const newest = this.backups.bases(id).at(-1);
    if (newest === undefined || this.around.now() - newest >= BASE_MS)
      await backingUp(id, this.backups.addBase(id, this.admin.connection(port), this.around.now));
    if (backupDays !== undefined) this.backups.prune(id, this.around.now() - backupDays * DAY_MS);
  }
}

async function backingUp(id: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw new Error(`backing up ${id} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
