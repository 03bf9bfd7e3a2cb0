import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Cloud } from "../core/cloud.ts";
import { CloudError } from "../core/definition.ts";
import { baseBackup } from "./base-backup.ts";
import { findPostgres, handOver, POSTGRES_ENV, type PostgresInstallation, privateFolder } from "./postgres-binaries.ts";
import { ADMIN, hostAccess, postgresConf } from "./postgres-config.ts";
import { ensureDatabase, ensureMaster } from "./postgres-roles.ts";
import { identify } from "./process-identity.ts";

/** What a database server is to be. */
export interface PostgresSpec {
  /** The cluster's resource id: names the data folder and the process. */
  readonly id: string;
  readonly port: number;
  /** Host names on its certificate. */
  readonly names: readonly string[];
  /** Values of the parameter groups. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly masterUsername: string;
  readonly masterPassword: string;
  readonly databaseName?: string;
  /** Where its first data come from. @default - an empty database */
  readonly origin?: Origin;
  readonly onLine?: (line: string) => void;
}

/** Data to begin with: a snapshot, or another cluster as it was at a moment (or, without one, as it is now). */
export type Origin = { readonly snapshot: string } | { readonly source: string; readonly until?: Date };

/** What a cluster's servers need of the cloud. */
export type PostgresSurroundings = Pick<Cloud, "home" | "processes" | "trust" | "now">;

/** 4 MiB: small enough to be archived often, large enough that a busy server does not archive all the time. */
const SEGMENT_MIB = 4;
const READY_MS = 60_000;
const ARCHIVED_MS = 30_000;
/** A base backup this old is followed by another when the server starts, so that a restore replays a day at most. */
const BASE_MS = 24 * 60 * 60 * 1000;

/** Real PostgreSQL servers with durable data, archived logs, snapshots and recovery to a moment. One per daemon. */
export class PostgresServers {
  private readonly around: PostgresSurroundings;
  private found: PostgresInstallation | undefined;

  constructor(around: PostgresSurroundings) {
    this.around = around;
  }

  /** The version of the server that really runs here, such as `18.4`. */
  version(): string {
    return this.installation().version;
  }

  /** Makes the data folder if there is none, runs the server and resolves when the master can log in. Idempotent. */
  async run(spec: PostgresSpec): Promise<void> {
    const data = this.path(spec.id, "data");
    const fresh = !existsSync(data);
    if (fresh) await this.makeData(spec, data);
    await this.configure(spec);
    this.dropStaleLock(data);
    await this.start(spec);
    if (existsSync(join(data, "recovery.signal")))
      throw new Error(`the server of ${spec.id} answers before its recovery has ended`);
    await this.administer(spec.id, spec.port, async (client) => {
      await client.query("SELECT pg_reload_conf()");
      await ensureMaster(client, spec.masterUsername, spec.masterPassword);
      if (spec.databaseName !== undefined) await ensureDatabase(client, spec.databaseName, spec.masterUsername);
    });
    await this.ensureBase(spec.id, spec.port);
  }

  /** Stops the server cleanly; the data stay. */
  async stop(id: string): Promise<void> {
    await this.around.processes.stop(processName(id));
  }

  /** Stops the server and removes its data, logs and backups; snapshots stay. With `finalSnapshot` the data become that snapshot. */
  async remove(id: string, finalSnapshot?: string): Promise<void> {
    await this.stop(id);
    const data = this.path(id, "data");
    if (finalSnapshot !== undefined && existsSync(data)) {
      // A cleanly stopped server's folder is a whole copy in itself.
      const snapshot = this.snapshotPath(finalSnapshot);
      privateFolder(join(snapshot, ".."), this.installation().account);
      renameSync(data, snapshot);
    }
    rmSync(this.path(id), { recursive: true, force: true });
  }

  /** Copies the running server's data into a snapshot. */
  async snapshot(id: string, port: number, snapshot: string): Promise<void> {
    await this.backUp(id, port, this.snapshotPath(snapshot));
  }

  /** Removes a snapshot's data; one that is gone is fine. */
  removeSnapshot(snapshot: string): void {
    rmSync(this.snapshotPath(snapshot), { recursive: true, force: true });
  }

  /** The span that the cluster can be restored to: from its oldest base backup until now; undefined before there is one. */
  earliestRestorable(id: string): Date | undefined {
    const oldest = this.bases(id)[0];
    return oldest === undefined ? undefined : new Date(oldest);
  }

  /** Runs `work` with a connection of the daemon's own administrative role, over TLS with the certificate checked. */
  async administer<T>(id: string, port: number, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client(this.connection(port));
    client.on("error", () => undefined); // A dying server also fails the query that is under way; that one is reported.
    try {
      await client.connect();
      return await work(client);
    } catch (error) {
      throw new Error(`administering the database ${id} failed: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private installation(): PostgresInstallation {
    this.found ??= findPostgres(this.around.home);
    return this.found;
  }

  private path(id: string, ...parts: string[]): string {
    return join(this.installation().root, "clusters", id, ...parts);
  }

  private snapshotPath(snapshot: string): string {
    return join(this.installation().root, "snapshots", snapshot);
  }

  private connection(port: number): pg.ClientConfig {
    return {
      host: "127.0.0.1",
      port,
      user: ADMIN,
      password: this.adminPassword(),
      database: "postgres",
      application_name: "sandbox",
      connectionTimeoutMillis: 10_000,
      ssl: { ca: readFileSync(this.around.trust.caFile(), "utf8"), rejectUnauthorized: true },
    };
  }

  /** One password for all servers of this home, known to nobody but the daemon. */
  private adminPassword(): string {
    const file = join(this.around.home, "trust", `${ADMIN}.password`);
    if (!existsSync(file)) {
      mkdirSync(join(this.around.home, "trust"), { recursive: true });
      writeFileSync(`${file}.part`, randomBytes(24).toString("base64url"), { mode: 0o600 });
      renameSync(`${file}.part`, file);
    }
    return readFileSync(file, "utf8");
  }

  /** The data appear under their name only when they are whole. */
  private async makeData(spec: PostgresSpec, data: string): Promise<void> {
    const { account } = this.installation();
    privateFolder(this.path(spec.id, "archive"), account);
    const partial = `${data}.part`;
    rmSync(partial, { recursive: true, force: true });
    cpSync(await this.contentsFor(spec), partial, { recursive: true, verbatimSymlinks: true });
    for (const left of ["postmaster.pid", "standby.signal"]) rmSync(join(partial, left), { force: true });
    if (spec.origin !== undefined && "source" in spec.origin) writeFileSync(join(partial, "recovery.signal"), "");
    chmodSync(partial, 0o700);
    handOver(partial, account);
    renameSync(partial, data);
  }

  private async contentsFor({ origin }: PostgresSpec): Promise<string> {
    if (origin === undefined) return this.template();
    if ("snapshot" in origin) return this.snapshotPath(origin.snapshot);
    const until = origin.until?.getTime() ?? this.around.now();
    const base = this.bases(origin.source).findLast((time) => time <= until);
    if (base === undefined) {
      const since = this.earliestRestorable(origin.source)?.toISOString() ?? "a backup has been taken";
      throw new CloudError(
        "InvalidRestoreFault",
        `Cannot restore ${origin.source} to ${new Date(until).toISOString()}: it can be restored from ${since} on.`,
      );
    }
    await this.closeSegment(origin.source);
    return this.path(origin.source, "base", String(base));
  }

  /** An empty database, made once. */
  private template(): string {
    const { root, folder, version, account } = this.installation();
    const template = join(root, `template-${version}`);
    if (existsSync(template)) return template;
    const partial = `${template}.part`;
    rmSync(partial, { recursive: true, force: true });
    privateFolder(partial, account);
    const passwordFile = join(root, "initdb.password");
    writeFileSync(passwordFile, this.adminPassword(), { mode: 0o600 });
    if (account.uid !== undefined && account.gid !== undefined) chownSync(passwordFile, account.uid, account.gid);
    const how = ["-D", partial, "-U", ADMIN, "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "--locale=C"];
    const made = spawnSync(
      join(folder, "bin", "initdb"),
      [...how, "--no-sync", `--wal-segsize=${String(SEGMENT_MIB)}`, "--no-instructions"],
      {
        ...account,
        env: POSTGRES_ENV,
        encoding: "utf8",
        cwd: partial,
      },
    );
    rmSync(passwordFile, { force: true });
    if (made.status !== 0)
      throw new CloudError("DatabaseEngineUnavailable", `initdb failed: ${made.error?.message ?? made.stderr}`, 500);
    renameSync(partial, template);
    return template;
  }

  private async configure(spec: PostgresSpec): Promise<void> {
    const { folder, account } = this.installation();
    const data = this.path(spec.id, "data");
    const issued = await this.around.trust.issue([...spec.names]);
    const own = { certFile: join(data, "server.crt"), keyFile: join(data, "server.key") };
    const recovering =
      spec.origin !== undefined && "source" in spec.origin && existsSync(join(data, "recovery.signal")) ? spec.origin : undefined;
    const files: Record<string, string> = {
      [own.certFile]: readFileSync(issued.certFile, "utf8"),
      [own.keyFile]: readFileSync(issued.keyFile, "utf8"),
      [join(data, "pg_hba.conf")]: hostAccess(spec.parameters),
      [join(data, "postgresql.auto.conf")]: "",
      [join(data, "postgresql.conf")]: postgresConf({
        ...own,
        port: spec.port,
        parameters: spec.parameters,
        archiveFolder: this.path(spec.id, "archive"),
        libraries: librariesIn(join(folder, "lib", "postgresql")),
        ...(recovering === undefined
          ? {}
          : {
              recovery: {
                archiveFolder: this.path(recovering.source, "archive"),
                ...(recovering.until === undefined ? {} : { until: recovering.until }),
              },
            }),
      }),
    };
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(file, text, { mode: 0o600 });
      if (account.uid !== undefined && account.gid !== undefined) chownSync(file, account.uid, account.gid);
    }
    if (recovering !== undefined) this.openArchive(recovering.source);
  }

  /** The restored server reads the source's archive: one account runs both, so only the folder has to be there. */
  private openArchive(source: string): void {
    privateFolder(this.path(source, "archive"), this.installation().account);
  }

  private async start(spec: PostgresSpec): Promise<void> {
    const { folder, account } = this.installation();
    await this.around.processes.run({
      name: processName(spec.id),
      command: join(folder, "bin", "postgres"),
      args: ["-D", this.path(spec.id, "data")],
      env: POSTGRES_ENV,
      cwd: this.path(spec.id),
      ...account,
      ready: { line: (line) => line.includes("database system is ready to accept connections") },
      readyTimeoutMs: READY_MS,
      restart: "always",
      stopSignal: "SIGINT",
      ...(spec.onLine === undefined ? {} : { onLine: spec.onLine }),
    });
  }

  /** After a power cut the lock may name a number that another program has by now; the server would refuse to start. */
  private dropStaleLock(data: string): void {
    const lock = join(data, "postmaster.pid");
    if (!existsSync(lock)) return;
    const holder = identify(Number(readFileSync(lock, "utf8").split("\n")[0]));
    if (holder?.commandLine.includes(data) !== true) rmSync(lock, { force: true });
  }

  /** Moments of the base backups, oldest first, in milliseconds since the epoch. */
  private bases(id: string): number[] {
    const folder = this.path(id, "base");
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  private async ensureBase(id: string, port: number): Promise<void> {
    const newest = this.bases(id).at(-1);
    if (newest !== undefined && this.around.now() - newest < BASE_MS) return;
    const partial = this.path(id, "base", "new");
    await this.backUp(id, port, partial);
    // Named by the moment it was finished: before that it is not consistent.
    renameSync(partial, this.path(id, "base", String(this.around.now())));
  }

  private async backUp(id: string, port: number, destination: string): Promise<void> {
    const { account } = this.installation();
    privateFolder(join(destination, ".."), account);
    const partial = `${destination}.part`;
    rmSync(partial, { recursive: true, force: true });
    privateFolder(partial, account);
    try {
      await baseBackup(this.connection(port), partial);
    } catch (error) {
      throw new Error(`backing up ${id} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    handOver(partial, account);
    rmSync(destination, { recursive: true, force: true });
    renameSync(partial, destination);
  }

  /** Brings everything acknowledged so far into the archive, ended by one more transaction: recovery stops at the first commit after its moment. */
  private async closeSegment(id: string): Promise<void> {
    const port = Number(/^port = '(\d+)'/m.exec(readFileSync(this.path(id, "data", "postgresql.conf"), "utf8"))?.[1]);
    await this.administer(id, port, async (client) => {
      await client.query("SELECT pg_current_xact_id()");
      const { rows } = await client.query<{ segment: string }>("SELECT pg_walfile_name(pg_switch_wal()) AS segment");
      const segment = rows[0]?.segment ?? "";
      const deadline = Date.now() + ARCHIVED_MS;
      while (!existsSync(this.path(id, "archive", segment))) {
        if (Date.now() > deadline)
          throw new Error(`the log segment ${segment} was not archived within ${String(ARCHIVED_MS / 1000)} s`);
        await delay(20);
      }
    });
  }
}

/** The name under which a cluster's writer is supervised. */
export function processName(id: string): string {
  return `postgres-${id}`;
}

function librariesIn(folder: string): ReadonlySet<string> {
  return new Set(readdirSync(folder).map((name) => name.replace(/\.(so|dylib)$/, "")));
}
